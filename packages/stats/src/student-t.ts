import cdf from '@stdlib/stats-base-dists-t-cdf';
import quantile from '@stdlib/stats-base-dists-t-quantile';

/** So many degrees of freedom that Student's t is the normal distribution to nine digits. */
const asGoodAsNormal = 1e9;

/** The `probability`-quantile of Student's t with `freedom` degrees of freedom (Student, "The probable error of a mean", Biometrika 6, 1908). */
export function tQuantile(probability: number, freedom: number): number {
  return quantile(probability, freedom);
}

/** The `probability`-quantile of the standard normal distribution: the limit of Student's t. */
export function normalQuantile(probability: number): number {
  return quantile(probability, asGoodAsNormal);
}

/**
 * Probability that Student's t lies at least as far from 0 as `t`, on either side: the two-sided p value. An infinite `t` (no spread at all
 * around a mean that is not 0) gives 0.
 */
export function twoSidedP(t: number, freedom: number): number {
  if (!Number.isFinite(t)) return 0;
  return Math.min(1, 2 * cdf(-Math.abs(t), freedom));
}
