import type { Metric } from '@photofinish/schema';

/** What is measured, in words a reader can check. */
interface MetricDefinition {
  readonly metric: Metric;
  readonly unit: string;
  readonly definition: string;
}

/** Metrics in the order pages show them. */
export const metricDefinitions: readonly MetricDefinition[] = [
  {
    metric: 'throughput',
    unit: 'requests per second',
    definition: 'Correct responses completed in the window, divided by its length. Higher is better.',
  },
  {
    metric: 'response-time-p50',
    unit: 'seconds, shown in the unit that fits',
    definition:
      'Median over the requests of one trial of done minus intended start, from the trial’s histogram. Lower is better. Percentiles are never averaged; across trials the geometric mean of the trials’ medians is shown.',
  },
  {
    metric: 'response-time-p99',
    unit: 'seconds, shown in the unit that fits',
    definition:
      'The time that 99 of 100 requests of one trial did not exceed; otherwise as the median. Not read where a trial has too few responses. Lower is better.',
  },
  {
    metric: 'cpu-per-request',
    unit: 'CPU seconds per request, shown in the unit that fits',
    definition:
      'User and system time of the server’s whole process tree, or of its container’s control group, over the window, divided by the correct responses completed in it. Lower is better.',
  },
  {
    metric: 'memory',
    unit: 'bytes, shown in the unit that fits',
    definition:
      'Peak resident size of the server in the window. Where a server of the comparison has several processes, its proportional set size (PSS) at the window’s end instead, for all its targets: summed resident sizes would count shared pages once for each process. Each comparison says which. Lower is better.',
  },
];
