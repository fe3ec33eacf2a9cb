import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { engineStats, type RawStats } from './stats.ts';

const captured = async (name: string) =>
  JSON.parse(await readFile(join(import.meta.dirname, 'fixtures', name), 'utf8')) as RawStats;

test('the counters of an engine with cgroup v1 come in base units', async () => {
  expect(engineStats(await captured('stats-v1.json'))).toEqual({
    at: new Date('2026-11-22T21:31:21.767Z'),
    cpuUserSeconds: 0.013607088,
    cpuSystemSeconds: 0.013607088,
    memoryBytes: 7_110_656,
    cacheBytes: 0,
    peakBytes: 7_327_744,
    pids: 6,
    throttledSeconds: 0,
    throttledPeriods: 0,
    receivedBytes: 200,
    sentBytes: 0,
  });
});

test('with cgroup v2 there is no peak, and on the host network no bytes: null, never 0', async () => {
  const { networks: _, ...raw } = await captured('stats-v1.json');
  const memory = { usage: 9_000_000, stats: { file: 1_000_000 } };
  const stats = engineStats({ ...raw, memory_stats: memory });
  expect(stats).toMatchObject({ cacheBytes: 1_000_000, peakBytes: null, receivedBytes: null, sentBytes: null });
});
