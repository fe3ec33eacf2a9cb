import { summarise } from '../summary.ts';
import type { CovariatePoint } from './within-slope.ts';

/** An adjusted spread above this share of the spread as it is was not worth the adjusting. */
const acceptedShare = 0.9;

/** Target and baseline of one block, each with the trial's covariate. */
export interface CovariatePair {
  readonly target: CovariatePoint;
  readonly baseline: CovariatePoint;
}

/** The slopes by which the two sides are adjusted. */
export interface Slopes {
  readonly target: number;
  readonly baseline: number;
}

/**
 * Log-ratios at one value of the covariate, which is its mean over all trials of the pairs: d_b = (y_A - b_A (x_A - m)) - (y_B - b_B (x_B - m))
 * (adjusted means of the analysis of covariance; Cochran 1957, section 2). At the mean the error of a slope counts least.
 */
export function adjustedLogRatios(pairs: readonly CovariatePair[], slopes: Slopes): number[] {
  const all = pairs.flatMap(({ target, baseline }) => [target.covariate, baseline.covariate]);
  const centre = summarise(all)?.mean ?? 0;
  const at = ({ covariate, outcome }: CovariatePoint, slope: number) => outcome - slope * (covariate - centre);
  return pairs.map(({ target, baseline }) => at(target, slopes.target) - at(baseline, slopes.baseline));
}

/** What the A/A alias says of an adjustment: the spread of its log-ratios as they are and adjusted. */
export interface AdjustmentTrial {
  readonly pairs: number;
  readonly rawSpread: number;
  readonly adjustedSpread: number;
  /** Whether the adjustment may be shown: it made the spread of a target against itself smaller by a tenth or more. */
  readonly isAccepted: boolean;
}

/**
 * Tries an adjustment on pairs of a target with itself (method, section 14, speed meter, point 4): it is accepted only where the standard
 * deviation falls by a tenth or more: less is chance. Null with fewer than three pairs, of which no spread can be read.
 */
export function tryAdjustment(raw: readonly number[], adjusted: readonly number[]): AdjustmentTrial | null {
  const [before, after] = [summarise(raw), summarise(adjusted)];
  if (before === null || after === null || before.sd === null || after.sd === null || before.count < 3) return null;
  return {
    pairs: before.count,
    rawSpread: before.sd,
    adjustedSpread: after.sd,
    isAccepted: after.sd < acceptedShare * before.sd,
  };
}
