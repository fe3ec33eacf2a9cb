import type { Interval } from '../interval.ts';
import { tQuantile } from '../student-t.ts';
import { summarise } from '../summary.ts';
import { leastSquares, type ReplicateLogs } from './least-squares.ts';
import type { ScalabilityParameters } from './scalability-law.ts';

/** Parameters from all replicates, and from all but each in turn. */
export interface Jackknife {
  readonly whole: ScalabilityParameters;
  readonly without: readonly ScalabilityParameters[];
}

/** The unbounded fit of all replicates, and of all but each in turn. Null with one replicate. */
export function jackknife(logs: readonly ReplicateLogs[]): Jackknife | null {
  if (logs.length < 2) return null;
  const whole = leastSquares(logs).parameters;
  const without = logs.map((_, left) => leastSquares(logs.filter((_replicate, index) => index !== left)).parameters);
  return { whole, without };
}

/** Interval of a parameter, or of what is made from both; all numbers where it has no finite spread. */
export function intervalOf(
  { whole, without }: Jackknife,
  level: number,
  of: (parameters: ScalabilityParameters) => number,
): Interval {
  const count = without.length;
  const estimate = of(whole);
  const spread = summarise(without.map((one) => count * estimate - (count - 1) * of(one)))?.sd ?? Number.NaN;
  const half = (tQuantile((1 + level) / 2, count - 1) * spread) / Math.sqrt(count);
  return Number.isFinite(half)
    ? { lower: estimate - half, upper: estimate + half, level }
    : { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY, level };
}

/**
 * An interval of the unbounded fit as one of the bounded estimate: from the lower of both estimates less its half-width, but not below 0, to the
 * higher of both and as much. Where both agree it is the interval itself, cut at 0; elsewhere wider, never narrower.
 */
export function bounded({ lower, upper, level }: Interval, value: number): Interval {
  const half = (upper - lower) / 2;
  if (!Number.isFinite(half)) return { lower: 0, upper: Number.POSITIVE_INFINITY, level };
  const middle = (lower + upper) / 2;
  return { lower: Math.max(0, Math.min(middle, value) - half), upper: Math.max(middle, value) + half, level };
}
