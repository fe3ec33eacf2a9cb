import type { RatioInterval } from '@photofinish/schema';
import { logRatios, pairedDifference } from '../compare.ts';
import { meanInterval, ratioInterval, ratioOf } from '../interval.ts';

/** Throughput of one replicate at fewer and at more cores, per second, both positive. */
export interface ScalingPair {
  readonly fewer: number;
  readonly more: number;
}

/** Throughput at more cores over throughput at fewer, everything else the same. */
export interface Speedup {
  /** Replicates with both values. */
  readonly pairs: number;
  /** Geometric mean of more over fewer. */
  readonly speedup: number;
  /** Student-t interval on logarithms; null with one pair. */
  readonly interval: RatioInterval | null;
  /** Speedup over the ratio of cores: 1 is perfect. */
  readonly efficiency: number;
}

/**
 * Speedup paired by replicate, with the interval of the paired log-ratio, and efficiency = speedup / (more cores / fewer cores)
 * (V. Kumar, A. Grama et al., "Introduction to Parallel Computing", section 5.2). Null without a pair.
 */
export function speedup(pairs: readonly ScalingPair[], coresRatio: number, level = 0.95): Speedup | null {
  const logs = logRatios(pairs.map(({ fewer, more }) => ({ target: more, baseline: fewer })));
  const difference = pairedDifference(logs);
  if (difference === null) return null;
  const interval = meanInterval(logs, level);
  const value = ratioOf(difference.mean);
  return {
    pairs: difference.blocks,
    speedup: value,
    interval: interval === null ? null : ratioInterval(interval),
    efficiency: value / coresRatio,
  };
}
