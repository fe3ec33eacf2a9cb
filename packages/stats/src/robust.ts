import type { Interval } from './interval.ts';

/** Location and interval that assume symmetry only, no normal distribution. In the unit of the values. */
export interface HodgesLehmann {
  /** Median of the Walsh averages. */
  readonly estimate: number;
  /** Exact signed-rank interval; null where so few values cannot reach the level. `level` is the one asked for; the attained one is at least that. */
  readonly interval: Interval | null;
}

/**
 * Hodges-Lehmann estimate with the exact confidence interval of Wilcoxon's signed-rank test (J. L. Hodges and E. L. Lehmann, "Estimates of
 * location based on rank tests", Annals of Mathematical Statistics 34, 1963; interval after J. W. Tukey in M. Hollander, D. A. Wolfe and
 * E. Chicken, "Nonparametric Statistical Methods", section 3.3): of the N = n(n+1)/2 ordered averages (x_i + x_j)/2, i <= j, the k-th smallest
 * and the k-th largest, k being the largest whole number with 2 P(T <= k - 1) <= 1 - level. At 95 % that needs six values.
 *
 * Null of no values.
 */
export function hodgesLehmann(values: readonly number[], level: number): HodgesLehmann | null {
  const averages = walshAverages(values);
  const middle = averages.length >> 1;
  const upperMiddle = averages[middle];
  const lowerMiddle = averages[averages.length - 1 - middle];
  if (upperMiddle === undefined || lowerMiddle === undefined) return null;
  const rank = signedRankOfBound(values.length, level);
  const lower = rank === 0 ? undefined : averages[rank - 1];
  const upper = averages[averages.length - rank];
  return {
    estimate: (lowerMiddle + upperMiddle) / 2,
    interval: lower === undefined || upper === undefined ? null : { lower, upper, level },
  };
}

/** All (x_i + x_j)/2 with i <= j, ascending. */
function walshAverages(values: readonly number[]): Float64Array {
  const averages = new Float64Array((values.length * (values.length + 1)) / 2);
  let filled = 0;
  values.forEach((value, index) => {
    for (const other of values.slice(index)) averages[filled++] = value / 2 + other / 2;
  });
  return averages.sort();
}

/** The largest k with 2 P(T <= k - 1) <= 1 - level; 0 where even the outermost averages fall short of the level. */
export function signedRankOfBound(count: number, level: number): number {
  // Half an ulp of slack, so that a level such as 1 - 2/64, written as a decimal, is met by six values.
  const tail = (1 - level) / 2 + Number.EPSILON;
  let rank = 0;
  let cumulative = 0;
  for (const probability of signedRankDistribution(count)) {
    cumulative += probability;
    if (cumulative > tail) break;
    rank += 1;
  }
  return rank;
}

/**
 * P(T = t) for t = 0 .. n(n+1)/2, T being the sum of those ranks 1..n that get a positive sign when signs are tossed like coins: the product of
 * (1 + z^r)/2 over the ranks, multiplied out (F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1, 1945).
 */
export function signedRankDistribution(count: number): Float64Array {
  const probabilities = new Float64Array((count * (count + 1)) / 2 + 1);
  probabilities[0] = 1;
  let highest = 0;
  for (let rank = 1; rank <= count; rank += 1) {
    highest += rank;
    for (let sum = highest; sum >= 0; sum -= 1) {
      const without = probabilities[sum] ?? 0;
      const withRank = sum >= rank ? (probabilities[sum - rank] ?? 0) : 0;
      probabilities[sum] = (without + withRank) / 2;
    }
  }
  return probabilities;
}
