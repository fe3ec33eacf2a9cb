import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { TimeDistribution } from './load-result.ts';
import type { TimeSummary } from './trial.ts';

/** Highest recordable time, microseconds: 120 s. */
const highest = 120_000_000;

/** An empty histogram in the one layout of the product: microseconds, 1 us to 120 s, 3 significant digits. */
export function emptyHistogram(): Histogram {
  return build({
    bitBucketSize: 64,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: highest,
    numberOfSignificantValueDigits: 3,
  });
}

/** Encodes a histogram as V2 (deflated, base64). */
export function encodeHistogram(histogram: Histogram): string {
  return encodeIntoCompressedBase64(histogram);
}

/** Decodes a V2 histogram (deflated, base64). Throws when the text is not one. */
export function decodeHistogram(encoded: string): Histogram {
  return decodeFromCompressedBase64(encoded, 64, false);
}

/** Sum of histograms: lossless, unlike any arithmetic on percentiles. */
export function mergeHistograms(histograms: readonly Histogram[]): Histogram {
  const merged = emptyHistogram();
  for (const histogram of histograms) merged.add(histogram);
  return merged;
}

/**
 * The q-quantile in seconds: the highest value equivalent to the first recorded value at or below which at least `q * count` values lie
 * (HdrHistogram's definition). Null when fewer than one value is recorded.
 */
export function quantileSeconds(histogram: Histogram, q: number): number | null {
  if (histogram.totalCount === 0) return null;
  return histogram.getValueAtPercentile(q * 100) / 1e6;
}

/** A quantile that is no longer than the longest time: the histogram knows it to 0.1 %, and the largest value of a slot may lie beyond what was measured. */
const withinMaximum = (histogram: Histogram, { maximumSeconds }: TimeDistribution, q: number): number | null => {
  const value = quantileSeconds(histogram, q);
  return value === null ? null : Math.min(value, maximumSeconds);
};

/**
 * Summary of a distribution of times. A quantile is null where the censored share exceeds `1 - q`: it then lies among requests that never
 * answered.
 */
export function summariseTimes(distribution: TimeDistribution, censored = 0): TimeSummary {
  const { count } = distribution;
  const histogram = decodeHistogram(distribution.histogram);
  const quantile = (q: number) =>
    count === 0 || censored / count > 1 - q ? null : withinMaximum(histogram, distribution, q);
  return {
    count,
    mean: count === 0 || censored > 0 ? null : distribution.meanSeconds,
    p50: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
    maximum: count === 0 || censored > 0 ? null : distribution.maximumSeconds,
  };
}

/** A quantile of times of which so many are censored, seconds. Null where it lies among requests that never answered, or none did. */
export function quantileOf(times: TimeDistribution, censored: number, q: number): number | null {
  if (times.count === 0 || censored / times.count > 1 - q) return null;
  return withinMaximum(decodeHistogram(times.histogram), times, q);
}

/** Share of the times above a limit, seconds, by halving the rank; 0 of none. */
export function shareAbove(times: TimeDistribution, limitSeconds: number): number {
  const histogram = decodeHistogram(times.histogram);
  const { count } = times;
  let [low, high] = [0, count];
  while (low < high) {
    const rank = Math.ceil((low + high) / 2);
    if ((quantileSeconds(histogram, (rank - 0.5) / count) ?? 0) <= limitSeconds) low = rank;
    else high = rank - 1;
  }
  return count === 0 ? 0 : (count - low) / count;
}
