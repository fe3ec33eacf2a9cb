import type { VerdictWord } from '@photofinish/schema';
import type { Interval } from './interval.ts';
import { hodgesLehmann } from './robust.ts';

/** Fewest blocks with which the robust companion has a 95 % interval and therefore a say. */
const companionMinimum = 6;

/** The two intervals of one pair that the rule looks at, on the scale of natural logarithms of target over baseline. */
export interface JudgedIntervals {
  /** At the level Holm's procedure gives the pair. */
  readonly adjusted: Interval;
  /** At 90 %: two one-sided tests of 5 % each. */
  readonly equivalence: Interval;
}

/** The words an interval alone can lead to; gates lead to the fifth. */
export type IntervalWord = Exclude<VerdictWord, 'no-verdict'>;

/** Whether an interval of log-ratios lies wholly beyond a factor of 1 + margin, on one side. */
export function isBeyond(interval: Interval, margin: number): boolean {
  const limit = Math.log1p(margin);
  return interval.lower > limit || interval.upper < -limit;
}

/**
 * The rule, from the top (method, verdict rules; the design puts equivalence before a difference that is real but inside the margin):
 *
 * - the 90 % interval inside (1/(1+margin), 1+margin): `practically-equivalent` (two one-sided tests, D. J. Schuirmann, Journal of
 *   Pharmacokinetics and Biopharmaceutics 15, 1987);
 * - the adjusted interval wholly beyond the margin: `different`;
 * - the adjusted interval excludes 1: `different-but-may-be-small`;
 * - otherwise `inconclusive`.
 */
export function wordOf({ adjusted, equivalence }: JudgedIntervals, margin: number): IntervalWord {
  const limit = Math.log1p(margin);
  if (equivalence.lower > -limit && equivalence.upper < limit) return 'practically-equivalent';
  if (isBeyond(adjusted, margin)) return 'different';
  if (isBeyond(adjusted, 0)) return 'different-but-may-be-small';
  return 'inconclusive';
}

/**
 * Whether the robust companion (Hodges-Lehmann with the exact signed-rank interval) leaves the word of the t intervals standing. It can only
 * withhold: it objects where its own interval at the same level says less or points the other way, and has no say with fewer than six blocks or
 * where so few blocks cannot reach the level.
 */
export function companionAgrees(
  word: IntervalWord,
  intervals: JudgedIntervals,
  logs: readonly number[],
  margin: number,
): boolean {
  if (word === 'inconclusive' || logs.length < companionMinimum) return true;
  const { adjusted, equivalence } = intervals;
  const companion: JudgedIntervals = {
    adjusted: hodgesLehmann(logs, adjusted.level)?.interval ?? adjusted,
    equivalence: hodgesLehmann(logs, equivalence.level)?.interval ?? equivalence,
  };
  if (word === 'practically-equivalent') return wordOf(companion, margin) === word;
  return isBeyond(companion.adjusted, word === 'different' ? margin : 0) && isSameSide(companion.adjusted, adjusted);
}

function isSameSide(one: Interval, other: Interval): boolean {
  return one.lower > 0 === other.lower > 0;
}
