/** How two series of logarithms go together, and what a fitted line leaves of the second. */
export interface Association {
  readonly pairs: number;
  /** Pearson's correlation with its 95 % interval (Fisher's z: standard error 1/sqrt(n - 3)). */
  readonly correlation: number;
  readonly lower: number;
  readonly upper: number;
  /** Slope of the second on the first. */
  readonly slope: number;
  /** Standard deviation of the second as it is, after the fitted line, and after the line of slope 1. */
  readonly spread: number;
  readonly fittedSpread: number;
  readonly unitSpread: number;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: readonly number[], degrees: number): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / degrees);
}

/** The association of the logarithms of at least five pairs. */
export function association(pairs: readonly (readonly [number, number])[]): Association {
  const [xs, ys] = [pairs.map(([x]) => Math.log(x)), pairs.map(([, y]) => Math.log(y))];
  const [centreX, centreY, count] = [mean(xs), mean(ys), pairs.length];
  const products = xs.reduce((sum, x, index) => sum + (x - centreX) * ((ys[index] ?? centreY) - centreY), 0);
  const [squaresX, squaresY] = [deviation(xs, 1) ** 2, deviation(ys, 1) ** 2];
  const correlation = products / Math.sqrt(squaresX * squaresY);
  const slope = products / squaresX;
  const [z, half] = [Math.atanh(correlation), 1.96 / Math.sqrt(count - 3)];
  const left = (line: number) => ys.map((y, index) => y - line * (xs[index] ?? centreX));
  return {
    pairs: count,
    correlation,
    lower: Math.tanh(z - half),
    upper: Math.tanh(z + half),
    slope,
    spread: deviation(ys, count - 1),
    fittedSpread: deviation(left(slope), count - 2),
    unitSpread: deviation(left(1), count - 1),
  };
}
