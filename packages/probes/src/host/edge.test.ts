import { expect, test } from 'vitest';
import { hostOf } from '../specimens/tree.ts';
import { readHostEdge } from './edge.ts';

const core = (number: number, kilohertz: number, governor: string, throttles = 3) => ({
  [`sys/devices/system/cpu/cpu${number}/cpufreq/scaling_cur_freq`]: `${kilohertz}\n`,
  [`sys/devices/system/cpu/cpu${number}/cpufreq/scaling_governor`]: `${governor}\n`,
  [`sys/devices/system/cpu/cpu${number}/thermal_throttle/core_throttle_count`]: `${throttles}\n`,
});

test('reads the lowest and highest frequency of the cores asked for, and how often heat slowed them', async () => {
  const root = hostOf({
    ...core(0, 3_400_000, 'performance'),
    ...core(1, 2_100_000, 'performance', 4),
    ...core(2, 800_000, 'powersave'),
  });
  expect((await readHostEdge([0, 1], root)).frequencies).toEqual({
    lowestHertz: 2.1e9,
    highestHertz: 3.4e9,
    followsLoad: false,
    thermalThrottles: 7,
  });
  expect((await readHostEdge([0, 2], root)).frequencies?.followsLoad).toBe(true);
});

test('adds pages swapped in and out', async () => {
  const root = hostOf({ 'proc/vmstat': 'nr_free_pages 8\npswpin 12\npswpout 30\npgfault 9\n' });
  expect((await readHostEdge([0], root)).swappedPages).toBe(42);
});

test('leaves unknown what the kernel does not tell', async () => {
  expect(await readHostEdge([0], hostOf({}))).toEqual({ times: null, frequencies: null, swappedPages: null });
  const half = hostOf(core(0, 3_400_000, 'performance'));
  expect((await readHostEdge([0, 1], half)).frequencies).toBeNull();
});

test('reads this very machine', async (context) => {
  const { times } = await readHostEdge([0]);
  if (times === null) context.skip('this system has no /proc/stat');
  const zeroth = times?.get(0);
  expect(zeroth?.programs).toBeLessThan(zeroth?.total ?? 0);
});
