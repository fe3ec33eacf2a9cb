import type { JudgedClaim, TargetId } from '@photofinish/schema';
import type { Interval } from '@photofinish/stats';

/** What a claim's rule says of one of its targets. */
export interface JudgedTarget {
  readonly outcome: JudgedClaim['outcome'];
  /** The target with its figure and interval, or why there is none. */
  readonly text: string;
}

/**
 * The outcome of a claim about several targets: one that contradicts it is enough for `does-not-hold`; else one that leaves it open is enough for
 * `cannot-tell`.
 */
export function combined(targets: readonly JudgedTarget[]): JudgedClaim['outcome'] {
  if (targets.some(({ outcome }) => outcome === 'does-not-hold')) return 'does-not-hold';
  return targets.some(({ outcome }) => outcome === 'cannot-tell') ? 'cannot-tell' : 'holds';
}

/** Whether a whole interval lies within bounds, outside them, or straddles one, which leaves the claim open. */
export function outcomeWithin(interval: Interval, lower: number, upper: number): JudgedClaim['outcome'] {
  if (interval.lower >= lower && interval.upper <= upper) return 'holds';
  return interval.upper < lower || interval.lower > upper ? 'does-not-hold' : 'cannot-tell';
}

/** A target that leaves a claim open, with the reason: `java/virtual-threads was not measured: ...`. */
export function unjudged(targetId: TargetId, reason: string): JudgedTarget {
  return { outcome: 'cannot-tell', text: `${targetId} ${reason}` };
}
