import { describe, expect, test } from 'vitest';
import { adjustedLogRatios, type CovariatePair, tryAdjustment } from '../covariate/adjustment.ts';
import { type CovariatePoint, withinSlope } from '../covariate/within-slope.ts';
import { meanInterval } from '../interval.ts';
import { summarise } from '../summary.ts';
import { normal, seededUniform, type Uniform } from './noise-model.ts';

/** A host whose core changes its speed: from trial to trial, and from second to second, each time with something of the second before. */
interface Host {
  readonly betweenTrials: number;
  readonly withinTrial: number;
  /** What the canary of one second adds of its own. */
  readonly canaryNoise: number;
}

const noisy: Host = { betweenTrials: 0.1, withinTrial: 0.08, canaryNoise: 0.02 };
const calm: Host = { betweenTrials: 0, withinTrial: 0, canaryNoise: 0.02 };

/** The truth: how a target is slowed by its core, and what varies besides. */
interface Simulated {
  readonly level: number;
  readonly slope: number;
}

const trialNoise = 0.02;
const secondNoise = 0.02;
const seconds = 30;

/** One trial, second by second, and how slow its core was in truth. */
function simulateTrial(uniform: Uniform, { level, slope }: Simulated, host: Host) {
  const own = level + trialNoise * normal(uniform);
  const base = host.betweenTrials * Math.abs(normal(uniform));
  let drift = 0;
  let slow = 0;
  const points = Array.from({ length: seconds }, (): CovariatePoint => {
    drift = 0.7 * drift + host.withinTrial * Math.sqrt(1 - 0.7 ** 2) * normal(uniform);
    const slowness = base + drift;
    slow += slowness / seconds;
    return {
      covariate: slowness + host.canaryNoise * normal(uniform),
      outcome: own + slope * slowness + secondNoise * normal(uniform),
    };
  });
  return { points, slowness: slow };
}

/** The trial as a whole. */
const whole = (points: readonly CovariatePoint[]): CovariatePoint => ({
  covariate: summarise(points.map(({ covariate }) => covariate))?.mean ?? 0,
  outcome: summarise(points.map(({ outcome }) => outcome))?.mean ?? 0,
});

interface Experiment {
  readonly raw: number[];
  readonly adjusted: number[];
  /** The log-ratio at the speed that the cores had on the mean over all these trials. */
  readonly truth: number;
}

function simulate(uniform: Uniform, target: Simulated, baseline: Simulated, blocks: number, host: Host): Experiment {
  const sides = [target, baseline].map((side) =>
    Array.from({ length: blocks }, () => simulateTrial(uniform, side, host)),
  );
  const [one = [], other = []] = sides.map((trials) => trials.map(({ points }) => points));
  const [slope, otherSlope] = [one, other].map((trials) => withinSlope(trials)?.slope ?? 0) as [number, number];
  const pairs = one.map(
    (points, block): CovariatePair => ({ target: whole(points), baseline: whole(other[block] ?? []) }),
  );
  const speed = summarise(sides.flat().map(({ slowness }) => slowness))?.mean ?? 0;
  return {
    raw: adjustedLogRatios(pairs, { target: 0, baseline: 0 }),
    adjusted: adjustedLogRatios(pairs, { target: slope, baseline: otherSlope }),
    truth: target.level - baseline.level + (target.slope - baseline.slope) * speed,
  };
}

const interpreter: Simulated = { level: 5, slope: -1.5 };
const compiled: Simulated = { level: 6, slope: -0.2 };
const experiments = 1500;

/** Share of experiments whose adjusted 95 % interval holds the truth: the ratio at the mean speed of all trials. */
function coverage(target: Simulated, baseline: Simulated, blocks: number, host: Host): number {
  const uniform = seededUniform(20_261_128 + blocks);
  let covered = 0;
  for (let experiment = 0; experiment < experiments; experiment++) {
    const { adjusted, truth } = simulate(uniform, target, baseline, blocks, host);
    const interval = meanInterval(adjusted, 0.95);
    if (interval !== null && interval.lower <= truth && truth <= interval.upper) covered++;
  }
  return covered / experiments;
}

describe('a ratio adjusted for the speed of the core', () => {
  test.each([interpreter, compiled].flatMap((baseline) => [5, 10, 20, 30].map((blocks) => ({ baseline, blocks }))))(
    'is covered in 93 to 97 of 100, slopes -1.5 and $baseline.slope, $blocks blocks',
    ({ baseline, blocks }) => {
      const share = coverage(interpreter, baseline, blocks, noisy);
      expect(share).toBeGreaterThanOrEqual(0.93);
      expect(share).toBeLessThanOrEqual(0.97);
    },
  );

  test('is accepted on a host whose cores change their speed, and dropped on one where they do not', () => {
    const uniform = seededUniform(14);
    const accepted = (host: Host) => {
      const trials = Array.from({ length: 200 }, () => {
        const { raw, adjusted } = simulate(uniform, interpreter, interpreter, 10, host);
        return tryAdjustment(raw, adjusted);
      });
      return trials.filter((trial) => trial?.isAccepted).length / trials.length;
    };
    expect(accepted(noisy)).toBeGreaterThan(0.99);
    expect(accepted(calm)).toBeLessThan(0.01);
  });
});
