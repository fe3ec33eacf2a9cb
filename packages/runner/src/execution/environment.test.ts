import type { HostEdge, ResourceUse } from '@photofinish/probes';
import { EnvironmentLostError, type KernelCounts, MeasurementError } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { type BenchScript, bench, coresAt } from '../specimens/bench.ts';

const group: NonNullable<ResourceUse['group']> = {
  workingSetBytes: 50e6,
  peakBytes: 60e6,
  kernelStackBytes: null,
  throttledSeconds: 0,
  throttledPeriods: 0,
  outOfMemoryKills: 0,
  cpuPressure: 0.1,
  receivedBytes: 1e6,
  sentBytes: 2e6,
};
const nobody = { code: null, signal: null };

/** The first record of a run in which something goes wrong once, and the second. */
async function firstTwo(script: BenchScript) {
  const run = bench(script);
  const [first, second] = await run.perform();
  return { first, second };
}

describe('the end of a server', () => {
  test.each([
    ['by itself', { code: 3, signal: null, reason: 'own' as const }, 'failed', 'crashed'],
    [
      'by the kernel at its memory limit',
      { ...nobody, signal: 'SIGKILL', reason: 'out-of-memory' as const },
      'failed',
      'oom-target',
    ],
    ['because somebody removed its container', { ...nobody, reason: 'removed' as const }, 'invalid', 'container-lost'],
    ['with the engine that held it', { ...nobody, reason: 'engine-lost' as const }, 'invalid', 'daemon-restart'],
  ])('%s in the window is told by whose doing it was', async (_what, exit, state, cause) => {
    const { first, second } = await firstTwo({ inWindow: (engine, call) => call === 1 && engine.crash(exit) });
    expect(first).toMatchObject({ state, cause, message: expect.stringContaining('server') });
    expect(second).toMatchObject({ trialId: first?.trialId, attempt: 2, state: 'ok' });
  });

  test.each([
    ['crashes', { code: 1, signal: null, reason: 'own' as const }, 'failed', 'crashed'],
    ['is killed for memory', { ...nobody, reason: 'out-of-memory' as const }, 'failed', 'oom-target'],
    ['loses its container', { ...nobody, reason: 'removed' as const }, 'invalid', 'container-lost'],
    ['loses its engine', { ...nobody, reason: 'engine-lost' as const }, 'invalid', 'daemon-restart'],
  ])('a server that %s at its start is told by the same rule', async (_what, startExit, state, cause) => {
    const { first } = await firstTwo({
      server: (_title, start) => (start === 1 ? { startFailure: 'crashed', startExit } : {}),
    });
    expect(first).toMatchObject({ state, cause });
  });

  test('is the cause of what the probe can no longer read', async () => {
    const gone = new MeasurementError('E_PROBE', { what: 'no process left', remedy: '' });
    const { first } = await firstTwo({
      inWindow: (engine, call) => call === 1 && engine.crash({ ...nobody, reason: 'removed' }),
      drive: (call) => (call === 1 ? { failure: { after: 'measure', error: gone } } : {}),
    });
    expect(first).toMatchObject({ state: 'invalid', cause: 'container-lost' });
  });

  test('that nobody saw but the probe is a crash', async () => {
    const gone = new MeasurementError('E_PROBE', { what: 'no process left', remedy: '' });
    const { first } = await firstTwo({
      drive: (call) => (call === 1 ? { failure: { after: 'measure', error: gone } } : {}),
    });
    expect(first).toMatchObject({ state: 'failed', cause: 'crashed', message: 'no process left' });
  });
});

describe('a kill for memory', () => {
  test('of a child is found by the engine after the server has ended well', async () => {
    const { first } = await firstTwo({ server: (_title, start) => (start === 1 ? { outOfMemory: 'child' } : {}) });
    expect(first).toMatchObject({ state: 'failed', cause: 'oom-child' });
  });

  test('of a child explains the fault that ended the trial', async () => {
    const { first } = await firstTwo({
      server: (_title, start) => (start === 1 ? { outOfMemory: 'child' } : {}),
      verification: (call) => (call === 1 ? { wrongAnswers: ['connection reset'] } : {}),
    });
    expect(first).toMatchObject({
      state: 'failed',
      cause: 'oom-child',
      phase: 'verify',
      message: expect.stringContaining('connection reset'),
    });
  });

  test("in the group's own count is a child's, for the server lived on", async () => {
    const { first } = await firstTwo({ use: { group: { ...group, outOfMemoryKills: 2 } } });
    expect(first).toMatchObject({ state: 'failed', cause: 'oom-child', message: expect.stringContaining('2 kills') });
  });
});

describe('the cores of the trial', () => {
  const busy = (ofTarget: number, ofGenerator = 0.1) => ({
    edge: (at: number): Partial<HostEdge> => ({
      times: coresAt(at, ofTarget, ofGenerator),
    }),
  });
  const slow = (followsLoad: boolean, thermalThrottles = 0) => ({
    edge: (at: number): Partial<HostEdge> => ({
      frequencies: {
        lowestHertz: at > 1 ? 1e9 : 3e9,
        highestHertz: 3e9,
        followsLoad,
        thermalThrottles: at > 1 ? thermalThrottles : 0,
      },
    }),
  });

  test.each<[string, BenchScript, string]>([
    ['throttled time', { use: { group: { ...group, throttledPeriods: 1, throttledSeconds: 0.04 } } }, 'throttled'],
    ['a program on the core of the target', busy(0.99, 0.9), 'other-load'],
    ['swapping', { edge: (at) => ({ swappedPages: Math.round(at * 100) }) }, 'swap'],
    ['a frequency that falls to a third', slow(false), 'frequency-change'],
    ['heat', slow(true, 2), 'frequency-change'],
    ['the hypervisor', { edge: (at) => ({ times: coresAt(at, 0.6, 0.1, 0.05) }) }, 'steal'],
  ])('lost to %s make the trial invalid', async (_what, script, cause) => {
    const { first } = await firstTwo(script);
    expect(first).toMatchObject({ state: 'invalid', cause });
  });

  test.each<[string, BenchScript]>([
    ['a group without a throttled period', { use: { group } }],
    ['a governor that lets idle cores sleep', slow(true)],
    ['a page now and then', { edge: (at) => ({ swappedPages: at > 1 ? 1 : 0 }) }],
    ['a host that tells nothing', { edge: () => ({ times: null, frequencies: null, swappedPages: null }) }],
  ])('are left in peace by %s', async (_what, script) => {
    expect((await firstTwo(script)).first).toMatchObject({ state: 'ok' });
  });

  test('may lose more to other programs on a shape-only host, which gets no verdict within a factor of 1.5', async () => {
    const tenthLost = busy(0.7);
    expect((await firstTwo(tenthLost)).first).toMatchObject({ state: 'ok' });
    expect((await firstTwo({ ...tenthLost, hostClass: 'full' })).first).toMatchObject({
      state: 'invalid',
      cause: 'other-load',
    });
  });

  test('are kept with every trial that is ok', async () => {
    const { first } = await firstTwo({
      edge: (at) => ({
        frequencies: { lowestHertz: 2.9e9, highestHertz: 3e9, followsLoad: false, thermalThrottles: null },
        times: coresAt(at, 0.64, 0.05),
      }),
    });
    expect(first).toMatchObject({
      state: 'ok',
      host: { frequencyRatio: 2.9 / 3, swappedPages: 0, stealShare: 0, otherLoadShare: expect.closeTo(0.04, 1) },
    });
  });
});

describe('what the kernel loses', () => {
  const counts = { listenOverflows: 0, listenDrops: 0, timeouts: 0, retransmissions: 0, duplicates: 0 };
  const lost = (part: Partial<KernelCounts>) => ({
    serverKernel: (at: number) => ({ ...counts, ...(at > 1 && part) }),
  });

  test.each<[string, BenchScript, string, string]>([
    [
      'a full listen queue where the generator is',
      {
        drive: () => ({
          failedGates: { kernel: [4, 0] },
          kernel: { ...counts, listenOverflows: 2, listenDrops: 2, server: { retransmissions: 0, listenDrops: 2 } },
        }),
      },
      'listen-overflow-generator',
      'ListenOverflows 2, ListenDrops 2 where the generator is',
    ],
    [
      'segments sent again where the server is',
      lost({ retransmissions: 3, timeouts: 1 }),
      'segments-lost',
      'TCPTimeouts 1, RetransSegs 3 where the server is',
    ],
    ['a full listen queue where the server is', lost({ listenDrops: 1 }), 'listen-overflow-generator', 'ListenDrops 1'],
  ])('makes the trial invalid: %s', async (_what, script, cause, words) => {
    const { first } = await firstTwo(script);
    expect(first).toMatchObject({ state: 'invalid', cause, message: expect.stringContaining(words) });
  });

  test.each<[string, BenchScript, string]>([
    ['counts since boot that do not rise', { serverKernel: () => ({ ...counts, retransmissions: 99 }) }, 'none lost'],
    [
      'what others lose in the same network namespace',
      { drive: () => ({ kernel: { ...counts, retransmissions: 10, server: { retransmissions: 0, listenDrops: 0 } } }) },
      'RetransSegs 10 where the generator is, none of it by this load',
    ],
    ['segments sent again that had come', lost({ retransmissions: 2, duplicates: 2 }), 'none lost'],
    ['a server whose namespace cannot be read', { serverKernel: () => null }, 'not shown where the server is'],
  ])('is none by %s', async (_what, script, reading) => {
    const { first } = await firstTwo(script);
    expect(first?.state === 'ok' && first.guards.find(({ guard }) => guard === 'kernel')).toMatchObject({
      passed: true,
      reading,
    });
  });
});

describe('a step of the wall clock', () => {
  test.each([
    ['an hour forward', 3600, 1],
    ['an hour back', -3600, 1],
    ['a slew of ten milliseconds', 0.01, 0],
  ])('of %s changes no duration', async (_what, step, notes) => {
    const { first } = await firstTwo({ inWindow: (engine, call) => call === 1 && engine.clock.stepWall(step) });
    expect(first).toMatchObject({ state: 'ok', measurement: { windowSeconds: 1 } });
    expect(first?.phases.find(({ phase }) => phase === 'measure')?.seconds).toBeCloseTo(1, 3);
    expect(first?.notes.filter(({ code }) => code === 'clock-step')).toHaveLength(notes);
  });
});

describe('a lost environment', () => {
  test('by the lease makes the trial under way invalid and ends the run, its server stopped', async () => {
    const { promise: lost, resolve } = Promise.withResolvers<void>();
    const run = bench({ lost, inWindow: (_engine, call) => call === 2 && resolve() });
    await expect(run.perform()).rejects.toMatchObject({ code: 'E_LEASE_LOST', kind: 'environment-lost' });
    expect(run.recorder.records.map((record) => [record.state, 'cause' in record ? record.cause : null])).toEqual([
      ['ok', null],
      ['invalid', 'lease-lost'],
    ]);
    expect(run.engine.alive.size).toBe(0);
  });

  test('by the lease is made good by going on', async () => {
    const { promise: lost, resolve } = Promise.withResolvers<void>();
    const first = bench({ lost, inWindow: (_engine, call) => call === 2 && resolve() });
    await first.perform().catch(() => {});
    const records = await bench({ earlier: first.recorder.records }).perform();
    expect(new Set(records.filter(({ state }) => state === 'ok').map(({ trialId }) => trialId)).size).toBe(6);
  });

  test.each([
    ['E_ENGINE_LOST', 'daemon-restart'],
    ['E_ENGINE_DISK_FULL', 'disk-low'],
  ])('by the engine (%s) is recorded as %s and ends the run', async (code, cause) => {
    const error = new EnvironmentLostError(code, { what: 'The engine is gone.', remedy: 'Start it again.' });
    const run = bench({ server: (_title, start) => (start === 3 ? { startError: error } : {}) });
    await expect(run.perform()).rejects.toBe(error);
    expect(run.recorder.records.at(-1)).toMatchObject({ state: 'invalid', cause, message: 'The engine is gone.' });
  });

  test('that no record could tell of leaves none', async () => {
    const error = new EnvironmentLostError('E_DISK_FULL', { what: 'The disk is full.', remedy: 'Make space.' });
    const run = bench({ server: () => ({ startError: error }) });
    await expect(run.perform()).rejects.toBe(error);
    expect(run.recorder.records).toEqual([]);
  });
});
