/** Count, mean and spread of values, in the values' own unit. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** Sample standard deviation, divisor n - 1; null with fewer than two values. */
  readonly sd: number | null;
}

/** Summary of at least one value; null of none. Two passes, so that values that are all equal have a spread of exactly 0. */
export function summarise(values: readonly number[]): Summary | null {
  const [first] = values;
  if (first === undefined) return null;
  const count = values.length;
  // Relative to the first value: equal values then have that very value as their mean, whatever the rounding of their sum.
  const mean = first + values.reduce((sum, value) => sum + (value - first), 0) / count;
  if (count === 1) return { count, mean, sd: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, sd: Math.sqrt(squares / (count - 1)) };
}
