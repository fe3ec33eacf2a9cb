import { type Estimate, Metric, type OkTrial } from '@photofinish/schema';
import { geometricMean } from '@photofinish/stats';
import { type MemoryBasis, metricValue } from './metric.ts';

/** Estimates of every metric over the `ok` trials of one cell, in block order. Trials without a value of a metric are not among its points. */
export function estimatesOf(trials: readonly OkTrial[], basis: MemoryBasis): Estimate[] {
  return Metric.options.map((metric) =>
    estimateOf(
      metric,
      trials.flatMap((trial) => metricValue(metric, trial, basis) ?? []),
    ),
  );
}

/** Geometric mean of positive values with a 95 % Student-t interval on logarithms. */
export function estimateOf(metric: Metric, points: readonly number[]): Estimate {
  const typical = geometricMean(points);
  return {
    metric,
    trials: points.length,
    value: typical?.value ?? null,
    interval: typical?.interval ?? null,
    points: [...points],
  };
}
