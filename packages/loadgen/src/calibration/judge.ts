import {
  type CalibrationReading,
  decodeHistogram,
  type FixtureAccount,
  type LoadClassResult,
  type LoadResult,
  quantileOf,
  quantileSeconds,
  shareAbove,
  type TimeDistribution,
} from '@photofinish/schema';
import { type Exercise, servers } from './exercise.ts';

/** What came of one exercise. */
export interface ExerciseOutcome {
  readonly exercise: Exercise;
  readonly result: LoadResult;
  /** The server's own account of the window. */
  readonly account: FixtureAccount;
}

/** Limits of section 20 of the method, seconds unless a name says otherwise. */
const limits = {
  delay: 0.0002,
  spread: 0.0002,
  /** Share of the length of the stall. */
  stall: 0.01,
  quantileShare: 0.03,
  quantile: 0.0003,
  /** Added to the 5 % critical value of the Kolmogorov statistic, for the resolution of histogram and grid. */
  distance: 0.005,
  queueMedianShare: 0.05,
  queueTailShare: 0.1,
  slowShare: 0.1,
} as const;

/**
 * The readings of all exercises. What is not the generator's error is taken off before a truth is compared: the way, which is the median beyond
 * what the server says it held, and the median by which the server itself was late. Of a server that does not say: the floor, which is the
 * median of the open loop on the null server.
 */
export function judge(outcomes: readonly ExerciseOutcome[]): CalibrationReading[] {
  const null_ = outcomes.find(({ exercise }) => exercise.mode === 'null-open');
  const floor = null_ === undefined ? 0 : (responseQuantile(mainClass(null_.result), 0.5) ?? 0);
  return outcomes.flatMap((outcome) => [...soundness(outcome), ...readingsOf(outcome, floor)]);
}

function readingsOf(outcome: ExerciseOutcome, nullFloor: number): CalibrationReading[] {
  const { exercise } = outcome;
  const floor = wayOf(outcome) ?? nullFloor;
  const { mode } = exercise;
  if (mode === 'null-closed') return [recorded(mode, 'ceiling', 'per-second', ceilingOf(outcome))];
  if (mode === 'null-open') return [recorded(mode, 'floor', 'seconds', nullFloor)];
  if (mode.startsWith('delay-')) return delay(outcome, floor, Number.parseFloat(mode.slice('delay-'.length)) / 1000);
  if (mode === 'drip') {
    const { bytes, gapMilliseconds } = servers.drip;
    return delay(outcome, floor, ((bytes - 1) * gapMilliseconds) / 1000);
  }
  if (mode === 'distribution') return distribution(outcome, floor);
  if (mode === 'stall-open') return stallOpen(outcome);
  if (mode === 'stall-closed') return stallClosed(outcome);
  return exercise.queue === undefined ? [] : queue(outcome, exercise.queue, floor);
}

/** The median of service times beyond what the server says it held, and of its own lateness; null where it does not say what it held. */
function wayOf({ result, account }: ExerciseOutcome): number | null {
  const { beyondHeld } = mainClass(result);
  if (beyondHeld === undefined) return null;
  return (quantileOf(beyondHeld, 0, 0.5) ?? 0) + (quantileOf(account.lag, 0, 0.5) ?? 0);
}

/** Every request was sent and answered rightly: an instrument that loses some has no truth to tell. */
function soundness({ exercise, result }: ExerciseOutcome): CalibrationReading[] {
  const { intended, answered } = mainClass(result);
  return [reading(exercise.mode, 'answered', 'share', 1, intended === 0 ? null : answered / intended, 0)];
}

const ceilingOf = ({ result }: ExerciseOutcome) => mainClass(result).completedInWindow / result.window.seconds;

/**
 * `abs(p50 - d - floor)` at most 0.2 ms, and p99 - p50 at most 0.2 ms above what the two loops say of their own lateness: both wait by the
 * kernel's timers, so that this is what the host does to them at these very instants. The p99 of a sum of two is at most the sum of their p99.5,
 * however they go together (union bound).
 */
function delay({ exercise, result, account }: ExerciseOutcome, floor: number, truth: number): CalibrationReading[] {
  const one = mainClass(result);
  const [p50, p99] = [responseQuantile(one, 0.5), responseQuantile(one, 0.99)];
  const lateness = (late: TimeDistribution) => quantileSeconds(decodeHistogram(late.histogram), 0.995) ?? 0;
  const spread = p50 === null || p99 === null ? null : p99 - p50;
  const limit = limits.spread + lateness(account.lag) + lateness(one.sendDelay);
  return [
    reading(exercise.mode, 'p50', 'seconds', truth, less(p50, floor), limits.delay),
    reading(exercise.mode, 'p99 - p50', 'seconds', 0, spread, limit),
  ];
}

/**
 * The error of each request by itself: service time beyond what the server says it held it. Its median and p99 are at most 0.3 ms (method,
 * section 20: every quantile within 0.3 ms).
 */
function errorOfEach({ exercise, result }: ExerciseOutcome): CalibrationReading[] {
  const { beyondHeld } = mainClass(result);
  const histogram = beyondHeld === undefined ? null : decodeHistogram(beyondHeld.histogram);
  return [0.5, 0.99].map((q) => {
    const measured = histogram === null ? null : quantileSeconds(histogram, q);
    return reading(exercise.mode, `${nameOf(q)} of each error`, 'seconds', 0, measured, limits.quantile);
  });
}

/**
 * Kolmogorov distance to the exponential law below `1.36 / sqrt(n)` (its 5 % critical value) and a tolerance, and every quantile within 3 % or
 * 0.3 ms of what the server drew for the very same requests.
 */
function distribution({ exercise, result, account }: ExerciseOutcome, floor: number): CalibrationReading[] {
  const one = mainClass(result);
  const mean = servers.distribution.meanMilliseconds / 1000;
  const histogram = decodeHistogram(one.responseTime.histogram);
  let distance = 0;
  for (let step = 1; step < 1000; step++) {
    const q = step / 1000;
    const value = Math.max(0, (quantileSeconds(histogram, q) ?? 0) - floor);
    distance = Math.max(distance, Math.abs(1 - Math.exp(-value / mean) - q));
  }
  const limit = 1.36 / Math.sqrt(Math.max(1, one.answered)) + limits.distance;
  return [
    reading(exercise.mode, 'distance', 'share', 0, one.answered === 0 ? null : distance, limit),
    ...errorOfEach({ exercise, result, account }),
    ...againstPlanned(exercise.mode, one, account, floor, [
      [0.5, limits.quantileShare],
      [0.9, limits.quantileShare],
      [0.95, limits.quantileShare],
      [0.99, limits.quantileShare],
    ]),
  ];
}

/** Each quantile against the same quantile of the times that the server planned: the chance of the draws is on both sides and cancels. */
function againstPlanned(
  mode: string,
  one: LoadClassResult,
  account: FixtureAccount,
  floor: number,
  shares: readonly (readonly [q: number, share: number])[],
): CalibrationReading[] {
  const planned = decodeHistogram(account.planned.histogram);
  return shares.map(([q, share]) => {
    const truth = quantileSeconds(planned, q) ?? 0;
    return reading(
      mode,
      nameOf(q),
      'seconds',
      truth,
      less(responseQuantile(one, q), floor),
      Math.max(share * truth, limits.quantile),
    );
  });
}

/** Section 13: quantile `D - T (1 - q)`, mean `D^2 / 2T`, for the share of capacity in use close to none; within 1 % of D. */
function stallOpen({ exercise, result }: ExerciseOutcome): CalibrationReading[] {
  const one = mainClass(result);
  const [stall, period] = [servers.stall.stallMilliseconds / 1000, servers.stall.periodMilliseconds / 1000];
  const truth = (q: number) => Math.max(0, stall - period * (1 - q));
  const mean = one.censored > 0 ? null : one.responseTime.meanSeconds;
  return [
    reading(exercise.mode, 'mean', 'seconds', stall ** 2 / (2 * period), mean, limits.stall * stall),
    ...[0.5, 0.95, 0.99].map((q) =>
      reading(exercise.mode, nameOf(q), 'seconds', truth(q), responseQuantile(one, q), limits.stall * stall),
    ),
  ];
}

/**
 * The closed loop must show the omission: slow share `C / (X (T - D) + C)` with the completion rate X outside stalls, each stall catching every
 * user once (section 13), and a p99 far below what users of the open loop saw. Slow is more than half of the stall.
 */
function stallClosed({ exercise, result }: ExerciseOutcome): CalibrationReading[] {
  const one = mainClass(result);
  const { users } = servers.closedStall;
  const [stall, period] = [servers.closedStall.stallMilliseconds / 1000, servers.closedStall.periodMilliseconds / 1000];
  const rate = one.answered / (result.window.seconds * (1 - stall / period));
  const predicted = users / (rate * (period - stall) + users);
  const slow = one.answered === 0 ? null : shareAbove(one.responseTime, stall / 2);
  return [
    reading(exercise.mode, 'slow share', 'share', predicted, slow, limits.slowShare * predicted),
    reading(exercise.mode, 'p99 (omission)', 'seconds', 0, responseQuantile(one, 0.99), stall / 10),
  ];
}

/**
 * Sojourn of M/M/1 against what the single server planned for the same arrivals: 5 % at the median, 10 % at p99. Of a long sample the formula's
 * values `-ln(1 - q) / (mu - lambda)` are held to the same limits; of a short one they stand beside, recorded only: some thousand correlated
 * sojourns stray further from them than any instrument would (section 20 asks 200,000).
 */
function queue(
  { exercise, result, account }: ExerciseOutcome,
  { serviceRate, utilisation, isLong }: NonNullable<Exercise['queue']>,
  floor: number,
): CalibrationReading[] {
  const one = mainClass(result);
  const rate = serviceRate * (1 - utilisation);
  const shares = [
    [0.5, limits.queueMedianShare],
    [0.99, limits.queueTailShare],
  ] as const;
  return [
    ...againstPlanned(exercise.mode, one, account, floor, shares),
    ...shares.map(([q, share]) => {
      const truth = -Math.log(1 - q) / rate;
      const measured = less(responseQuantile(one, q), floor);
      const name = `${nameOf(q)} of the formula`;
      if (isLong) return reading(exercise.mode, name, 'seconds', truth, measured, share * truth);
      return { ...recorded(exercise.mode, name, 'seconds', measured), truth, error: (measured ?? 0) - truth };
    }),
  ];
}

function mainClass(result: LoadResult): LoadClassResult {
  const [one] = result.classes;
  if (one === undefined) throw new TypeError('a result has at least one class');
  return one;
}

const responseQuantile = ({ responseTime, censored }: LoadClassResult, q: number) =>
  quantileOf(responseTime, censored, q);

const nameOf = (q: number) => `p${Number((q * 100).toFixed(3))}`;
const less = (value: number | null, floor: number) => (value === null ? null : value - floor);

function reading(
  mode: string,
  quantity: string,
  unit: CalibrationReading['unit'],
  truth: number,
  measured: number | null,
  limit: number,
): CalibrationReading {
  const error = measured === null ? null : measured - truth;
  return { mode, quantity, unit, truth, measured, error, limit, passed: error !== null && Math.abs(error) <= limit };
}

function recorded(
  mode: string,
  quantity: string,
  unit: CalibrationReading['unit'],
  measured: number | null,
): CalibrationReading {
  return { mode, quantity, unit, truth: null, measured, error: null, limit: null, passed: measured !== null };
}
