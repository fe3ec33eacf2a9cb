import { type ServerHandle, seconds } from '@photofinish/schema';
import { expect, test } from 'vitest';
import { type EngineStats, engineStatsProbe } from './probe.ts';

const server: ServerHandle = {
  host: '10.0.0.2',
  port: 8080,
  pid: null,
  containerId: 'abc',
  cores: [1],
  timeToReady: seconds(1),
};

// as Docker 20.10 says of a container with two readings three seconds apart
const first: EngineStats = {
  at: new Date('2026-01-01T00:00:00.100Z'),
  cpuUserSeconds: 10,
  cpuSystemSeconds: 2,
  memoryBytes: 80e6,
  cacheBytes: 20e6,
  peakBytes: 90e6,
  pids: 12,
  throttledSeconds: 1,
  throttledPeriods: 4,
  receivedBytes: 1000,
  sentBytes: 5000,
};
const last: EngineStats = {
  ...first,
  at: new Date('2026-01-01T00:00:03.100Z'),
  cpuUserSeconds: 12.5,
  cpuSystemSeconds: 2.25,
  memoryBytes: 85e6,
  pids: 9,
  throttledSeconds: 1.5,
  throttledPeriods: 6,
  receivedBytes: 4000,
  sentBytes: 25000,
};

async function useBetween(one: EngineStats, other: EngineStats) {
  const answers = [one, other];
  using reading = await engineStatsProbe(async () => answers.shift() ?? other).start(server);
  return await reading.finish();
}

test('takes differences over the span between the two stamps of the engine', async () => {
  expect(await useBetween(first, last)).toMatchObject({
    source: 'engine-stats',
    intervalSeconds: 3,
    cpuUserSeconds: 2.5,
    cpuSystemSeconds: 0.25,
    rssStartBytes: 60e6,
    rssEndBytes: 65e6,
    threads: 9,
    threadsPeak: 12,
    group: { throttledSeconds: 0.5, throttledPeriods: 2, receivedBytes: 3000, sentBytes: 20000, workingSetBytes: 65e6 },
  });
});

test('leaves unknown what the account of an engine lacks', async () => {
  const { group, ...use } = await useBetween(first, last);
  expect([use.rssPeakBytes, use.pssEndBytes, use.virtualBytes, use.processes, use.voluntarySwitches]).toEqual(
    Array(5).fill(null),
  );
  expect([group?.outOfMemoryKills, group?.cpuPressure, group?.kernelStackBytes]).toEqual([null, null, null]);
});

test.each([
  ['that rose in the window is of the window', 95e6, 95e6],
  ['that did not rise may be older and is unknown', 90e6, null],
  ['that the engine does not tell is unknown', null, null],
])('a peak %s', async (_what, peakBytes, expected) => {
  expect((await useBetween(first, { ...last, peakBytes })).group?.peakBytes).toBe(expected);
});

test('refuses an engine that gives the same reading twice, rather than say that nothing was used', async () => {
  await expect(useBetween(first, first)).rejects.toMatchObject({ code: 'E_ENGINE_STATS' });
});

test.each([
  ['page cache', { cacheBytes: null }],
  ['threads', { pids: null }],
])('refuses an engine that does not tell the %s, rather than invent a figure', async (what, lack) => {
  await expect(useBetween(first, { ...last, ...lack })).rejects.toMatchObject({
    code: 'E_ENGINE_STATS',
    what: expect.stringContaining(what),
  });
});

test('counts no network bytes on the network of the host', async () => {
  const lack = { receivedBytes: null, sentBytes: null };
  expect((await useBetween({ ...first, ...lack }, { ...last, ...lack })).group).toMatchObject(lack);
});

test('refuses a server that is no container', async () => {
  const probe = engineStatsProbe(async () => first);
  await expect(probe.start({ ...server, containerId: null })).rejects.toMatchObject({ code: 'E_PROBE' });
});
