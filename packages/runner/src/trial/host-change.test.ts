import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type HostEdge, type ResourceUse, readHostEdge } from '@photofinish/probes';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bench } from '../specimens/bench.ts';
import { hostChange, type MeasuredSpan } from './host-change.ts';

/** Reads a host of two cores from files of the kernel's form. */
async function edgeOf(files: Readonly<Record<string, string>>): Promise<HostEdge> {
  const root = mkdtempSync(join(tmpdir(), 'photofinish-host-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return await readHostEdge([0, 1], root);
}

/** `/proc/stat` of two cores with user, idle and stolen ticks each. */
const stat = (...cores: readonly (readonly [user: number, idle: number, steal: number])[]) => ({
  'proc/stat': cores.map(([user, idle, steal], core) => `cpu${core} ${user} 0 0 ${idle} 0 0 0 ${steal} 0 0\n`).join(''),
});

const frequencies = (kilohertz: number, throttles: number) =>
  Object.fromEntries(
    [0, 1].flatMap((core) => [
      [`sys/devices/system/cpu/cpu${core}/cpufreq/scaling_cur_freq`, `${kilohertz}\n`],
      [`sys/devices/system/cpu/cpu${core}/cpufreq/scaling_governor`, 'performance\n'],
      [`sys/devices/system/cpu/cpu${core}/thermal_throttle/core_throttle_count`, `${throttles}\n`],
    ]),
  );

const span = (targetCores: number[], generatorCores: number[]): MeasuredSpan => ({
  comparison: { targetCores, generatorCores },
  use: { cpuUserSeconds: 0.5, cpuSystemSeconds: 0.1, intervalSeconds: 1 } as ResourceUse,
  result: {
    generator: { cpuUserSeconds: 0.1, cpuSystemSeconds: 0.1 } as MeasuredSpan['result']['generator'],
    window: { seconds: 1 },
  },
  speed: null,
});

describe('programs that are no part of the trial', () => {
  test.each<[string, number[], number[], number]>([
    ['apart: what the target did not use of its own core', [0], [1], 0.8 - 0.6],
    ['on one core: what neither used of it', [0], [0], 0],
    ['on all cores: what neither used of both', [0, 1], [1], (0.8 + 0.9 - 0.6 - 0.2) / 2],
  ])('with target and generator %s', async (_what, targetCores, generatorCores, share) => {
    const first = await edgeOf(stat([1000, 1000, 0], [1000, 1000, 0]));
    const last = await edgeOf(stat([1080, 1020, 0], [1090, 1010, 0]));
    expect(hostChange(first, last, span(targetCores, generatorCores)).otherLoadShare).toBeCloseTo(share, 9);
  });

  test('do not include the speed meter', async () => {
    const first = await edgeOf(stat([1000, 1000, 0], [1000, 1000, 0]));
    const last = await edgeOf(stat([1080, 1020, 0], [1090, 1010, 0]));
    const metered = (core: number) => ({ core, calmSeconds: 75e-6, ratio: 1, series: [], meterShare: 0.005 });
    const speed = { canary: 'mock', cores: [metered(0), metered(1)] };
    const { otherLoadShare } = hostChange(first, last, { ...span([0], [1]), speed });
    expect(otherLoadShare).toBeCloseTo(0.8 - 0.6 - 0.005, 9);
  });

  test('are unknown where an edge is', async () => {
    const first = await edgeOf(stat([1000, 1000, 0], [1000, 1000, 0]));
    expect(hostChange(first, null, span([0], [1]))).toMatchObject({ otherLoadShare: null, stealShare: null });
  });
});

describe('a host that changes between the edges', () => {
  const calm = { ...stat([0, 0, 0], [0, 0, 0]), ...frequencies(3_000_000, 5), 'proc/vmstat': 'pswpin 0\npswpout 7\n' };

  test.each<[string, Readonly<Record<string, string>>, string, string]>([
    ['the hypervisor takes a tenth', stat([50, 40, 10], [10, 80, 10]), 'steal', '10.00 %'],
    ['heat slows a core', frequencies(3_000_000, 6), 'frequency-change', 'slowed by heat 2 times'],
    ['the frequency halves', frequencies(1_500_000, 5), 'frequency-change', 'lowest 50.00 %'],
    ['it swaps', { 'proc/vmstat': 'pswpin 300\npswpout 7\n' }, 'swap', '300 pages'],
    ['others spin on the core of the target', stat([100, 0, 0], [90, 10, 0]), 'other-load', '%'],
  ])('is named as the cause when %s', async (_what, change, cause, words) => {
    const usual = stat([60, 40, 0], [10, 90, 0]);
    const first = await edgeOf(calm);
    const last = await edgeOf({ ...calm, ...usual, ...change });
    let edges = 0;
    const [record] = await bench({ edge: () => (edges++ === 0 ? first : last) }).perform();
    expect(record).toMatchObject({ state: 'invalid', cause, message: expect.stringContaining(words) });
  });
});
