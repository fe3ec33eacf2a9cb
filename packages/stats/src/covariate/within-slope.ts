/** One second of one trial: the logarithm of what is measured, and of what it may depend on. */
export interface CovariatePoint {
  readonly covariate: number;
  readonly outcome: number;
}

/** How an outcome follows a covariate within trials. */
export interface WithinSlope {
  /** Change of the outcome with a change of 1 of the covariate; both are logarithms, so -1 is "in proportion". */
  readonly slope: number;
  /** Trials and points it rests on: those with two points or more. */
  readonly trials: number;
  readonly points: number;
}

/** Fewest points beyond one for each trial: with less the slope is chance (ten observations a coefficient: Harrell, "Regression Modeling Strategies", 2015, section 4.4). */
const fewestDegrees = 10;

/**
 * Least squares with a level of its own for each trial ("within" estimator, analysis of covariance with one covariate; W. G. Cochran,
 * Biometrics 13, 1957, section 2): b = sum (x - mean of trial)(y - mean of trial) / sum (x - mean of trial)^2. What sets trials apart is not in
 * it, so that it holds no difference between targets. Null where there are too few points, or the covariate never moved.
 */
export function withinSlope(trials: readonly (readonly CovariatePoint[])[]): WithinSlope | null {
  const used = trials.filter((points) => points.length >= 2);
  const points = used.reduce((sum, one) => sum + one.length, 0);
  if (points - used.length < fewestDegrees) return null;
  let products = 0;
  let squares = 0;
  for (const one of used) {
    const centre = meanPoint(one);
    for (const { covariate, outcome } of one) {
      products += (covariate - centre.covariate) * (outcome - centre.outcome);
      squares += (covariate - centre.covariate) ** 2;
    }
  }
  return squares === 0 ? null : { slope: products / squares, trials: used.length, points };
}

function meanPoint(points: readonly CovariatePoint[]): CovariatePoint {
  const mean = (name: keyof CovariatePoint) => points.reduce((sum, point) => sum + point[name], 0) / points.length;
  return { covariate: mean('covariate'), outcome: mean('outcome') };
}
