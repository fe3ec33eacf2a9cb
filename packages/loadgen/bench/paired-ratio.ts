/** Quantiles of Student's t, two-sided 95 %, for 4 to 30 degrees of freedom (any printed table). */
const quantiles = [
  2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086,
  2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** A ratio with its 95 % interval. */
export interface PairedRatio {
  readonly ratio: number;
  readonly lower: number;
  readonly upper: number;
}

/** Geometric mean of the ratios of 5 to 31 pairs, with the Student-t interval of their logarithms (method, section 8). */
export function pairedRatio(pairs: readonly (readonly [number, number])[]): PairedRatio {
  const quantile = quantiles[pairs.length - 5];
  if (quantile === undefined) throw new Error(`5 to 31 pairs are needed, not ${pairs.length}`);
  const logarithms = pairs.map(([first, second]) => Math.log(first / second));
  const mean = logarithms.reduce((sum, value) => sum + value, 0) / logarithms.length;
  const squares = logarithms.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = (quantile * Math.sqrt(squares / (logarithms.length - 1))) / Math.sqrt(logarithms.length);
  return { ratio: Math.exp(mean), lower: Math.exp(mean - half), upper: Math.exp(mean + half) };
}
