import { describe, expect, test } from 'vitest';
import { analysed, go, type Place, quick, type SpecimenOptions, specimenRun } from '../specimen/index.ts';

/** Slowness of a core in a second of a trial: the same in every run, different in each trial. */
function slownessAt({ targetId, replicate, role }: Place, second: number): number {
  const trial = [...`${targetId} ${replicate} ${role}`].reduce(
    (sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 101,
    7,
  );
  return 1 + 0.3 * (trial / 101) + 0.05 * Math.sin(second + trial);
}

/** Windows of some seconds in which every target loses with the speed of its core, by this power of it. */
function slowed(seconds: number, power: number): SpecimenOptions {
  return {
    ...quick,
    replicates: 5,
    figures(place) {
      const calm = place.targetId === go ? 2000 : 1000;
      const series = Array.from({ length: seconds }, (_, second) => {
        const slowness = slownessAt(place, second);
        return { completed: Math.round(calm * slowness ** power), slowness };
      });
      const throughput = series.reduce((sum, { completed }) => sum + completed, 0) / seconds;
      return { seconds: series, throughput };
    },
  };
}

const adjustmentOf = (options: SpecimenOptions) =>
  analysed(specimenRun(options)).comparisons.find(({ id }) => id === 'timer')?.speedAdjustment;

describe('throughput adjusted for the speed of the cores', () => {
  test('is brought to the same speed by what the seconds of each trial show, where A/A is the better for it', () => {
    const found = adjustmentOf(slowed(10, -1));
    if (found?.outcome !== 'accepted') throw new Error(JSON.stringify(found));
    expect(found.adjustedSpread).toBeLessThan(found.rawSpread / 5);
    const ratio = found.ratios.find(({ targetId }) => targetId === go);
    expect(ratio).toMatchObject({ pairs: 5, slope: expect.closeTo(-1, 1), baselineSlope: expect.closeTo(-1, 1) });
    expect(ratio?.adjustedRatio).toBeCloseTo(2, 1);
    const width = ({ lower, upper }: { lower: number; upper: number }) => Math.log(upper / lower);
    if (!ratio?.interval || !ratio.adjustedInterval) throw new Error('five pairs have an interval');
    expect(width(ratio.adjustedInterval)).toBeLessThan(width(ratio.interval) / 5);
  });

  test('leaves verdicts as they are', () => {
    const verdicts = (options: SpecimenOptions) => analysed(specimenRun(options)).comparisons[0]?.verdicts;
    const withSpeed = slowed(10, -1);
    const without: SpecimenOptions = {
      ...withSpeed,
      figures: (place) => ({ throughput: withSpeed.figures?.(place).throughput ?? 1 }),
    };
    expect(verdicts(withSpeed)).toEqual(verdicts(without));
  });

  test.each([
    ['the speed of the cores was not read here', quick],
    ['too few whole seconds', slowed(1, -1)],
    ['it does not help', slowed(10, 0)],
    ['fewer than three pairs', { ...slowed(10, -1), replicates: 2 }],
  ])('is dropped, because: %s', (reason, options) => {
    expect(adjustmentOf(options)).toEqual({ outcome: 'dropped', reason: expect.stringContaining(reason) });
  });
});
