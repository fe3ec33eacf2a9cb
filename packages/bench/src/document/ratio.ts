import type { RatioInterval } from '@photofinish/schema';
import { geometricMean, logRatios, meanInterval, ratioInterval, ratioOf } from '@photofinish/stats';

/** A ratio of geometric means with its 95 % interval. */
export interface PairedRatio {
  readonly ratio: number;
  readonly interval: RatioInterval;
}

/** Ratio of paired values, with the Student-t interval of the mean of their log-ratios (method, section 8). Takes two pairs or more. */
export function pairedRatio(own: readonly number[], peer: readonly number[]): PairedRatio {
  const logs = logRatios(own.map((target, index) => ({ target, baseline: peer[index] ?? Number.NaN })));
  const found = meanInterval(logs, 0.95);
  if (found === null || own.length !== peer.length) throw new TypeError('two pairs at least, of two values each');
  return { ratio: ratioOf(logs.reduce((sum, log) => sum + log, 0) / logs.length), interval: ratioInterval(found) };
}

/** Geometric mean of positive values. */
export function geometricMeanOf(values: readonly number[]): number {
  return geometricMean(values)?.value ?? Number.NaN;
}
