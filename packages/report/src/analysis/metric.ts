import type { Metric, OkTrial } from '@photofinish/schema';

/** Responses that put ten beyond the 99th percentile: with fewer it is not read. */
const fewestForP99 = 1000;

/** Response times under this, seconds, hold too much of the generator's own floor for a ratio to mean anything (method, formulas). */
export const floorSeconds = 0.001;

/**
 * What the metric `memory` is in one comparison, the same for all its targets:
 *
 * - `rss-peak`: the resident peak in the window. Exact for servers of one process.
 * - `pss-end`: proportional set size at the window's end. Used as soon as one server of the comparison has several processes, or an unknown number, because their summed
 *   resident sizes count shared pages once for each.
 */
export type MemoryBasis = 'rss-peak' | 'pss-end';

/** Chooses the basis from all `ok` trials of a comparison. */
export function memoryBasisOf(trials: readonly OkTrial[]): MemoryBasis {
  return trials.some(({ resources }) => resources.processes !== 1) ? 'pss-end' : 'rss-peak';
}

/** A basis in words, for descriptions and sentences. */
export const memoryBasisTexts: Record<MemoryBasis, string> = {
  'rss-peak': 'peak resident size',
  'pss-end': 'proportional set size at the window’s end',
};

/** The value of a metric in one trial, base units; null where it cannot be told. Never 0: there is no ratio to nothing. */
export function metricValue(metric: Metric, trial: OkTrial, basis: MemoryBasis): number | null {
  const value = readingOf(metric, trial, basis);
  return value !== null && value > 0 ? value : null;
}

function readingOf(metric: Metric, { measurement, resources }: OkTrial, basis: MemoryBasis): number | null {
  switch (metric) {
    case 'throughput':
      return measurement.throughput;
    case 'cpu-per-request':
      return resources.cpuPerRequestSeconds;
    case 'response-time-p50':
      return measurement.responseTime.p50;
    case 'response-time-p99':
      return measurement.responseTime.count < fewestForP99 ? null : measurement.responseTime.p99;
    case 'memory':
      return basis === 'pss-end' ? resources.pssEndBytes : resources.rssPeakBytes;
  }
}

/** Why an `ok` trial has no value of a metric, for the reading of the gate `measured`. */
export function reasonWithoutValue(metric: Metric, { measurement, resources }: OkTrial): string {
  switch (metric) {
    case 'throughput':
      return 'no response was completed in the window';
    case 'cpu-per-request':
      return 'no CPU time or no response was counted';
    case 'response-time-p50':
      return 'the median lies among requests that never answered';
    case 'response-time-p99':
      return measurement.responseTime.count < fewestForP99
        ? `${measurement.responseTime.count} responses, p99 needs ${fewestForP99}`
        : 'p99 lies among requests that never answered';
    case 'memory':
      return resources.source === 'engine-stats'
        ? 'the account of an engine on another host does not tell the memory of processes'
        : 'the kernel does not tell the proportional set size of servers of several processes';
  }
}
