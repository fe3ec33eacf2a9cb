import {
  type AdjustmentTrial,
  adjustedLogRatios,
  type CovariatePair,
  type CovariatePoint,
  tryAdjustment,
  withinSlope,
} from '@photofinish/stats';

/** Windows that are taken for the seconds of one trial. */
const windowsOfTrial = 6;

/** What adjusting for the speed of the core does to a loop held against itself. */
export interface AgainstItself extends AdjustmentTrial {
  readonly slope: number;
}

/**
 * Takes a series of one loop for trials that follow each other, pairs neighbours as the A/A alias is paired with its target, and adjusts them as
 * reports do: each point is the log of the canary's burst and of the work done a second of processor time. Null of fewer than three pairs.
 */
export function againstItself(points: readonly CovariatePoint[]): AgainstItself | null {
  const trials = Array.from({ length: Math.floor(points.length / windowsOfTrial) }, (_, index) =>
    points.slice(index * windowsOfTrial, (index + 1) * windowsOfTrial),
  );
  const found = withinSlope(trials);
  if (found === null) return null;
  const wholes = trials.map(meanOf);
  const pairs = wholes.flatMap((target, index): CovariatePair[] => {
    const baseline = wholes[index + 1];
    return index % 2 === 1 || baseline === undefined ? [] : [{ target, baseline }];
  });
  const at = (slope: number) => adjustedLogRatios(pairs, { target: slope, baseline: slope });
  const trial = tryAdjustment(at(0), at(found.slope));
  return trial === null ? null : { ...trial, slope: found.slope };
}

function meanOf(points: readonly CovariatePoint[]): CovariatePoint {
  const mean = (name: keyof CovariatePoint) => points.reduce((sum, point) => sum + point[name], 0) / points.length;
  return { covariate: mean('covariate'), outcome: mean('outcome') };
}
