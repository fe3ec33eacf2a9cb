import type { AnalysedComparison, Plan } from '@photofinish/schema';
import type { Chart } from './chart.ts';
import type { Unplaced } from './lanes.ts';
import { metricFigure } from './metric-figure.ts';

/**
 * What Little's law (J. D. C. Little, "A proof for the queuing formula L = lambda W", 1961) allows where every request waits a fixed time:
 * as many requests in flight as there are connections, or request threads, divided by the wait. Requests per second.
 */
function ceilings(comparison: AnalysedComparison, plan: Plan): readonly Unplaced[] {
  const planned = plan.comparisons.find(({ id }) => id === comparison.id);
  if (planned === undefined || planned.workload.waitSeconds === 0 || planned.load.arrivals.loop !== 'closed') return [];
  const line = (inFlight: number, label: string): Unplaced => {
    const rate = inFlight / planned.workload.waitSeconds;
    return { from: rate, to: rate, label };
  };
  const { connections } = planned.load.arrivals;
  const { threads } = planned.sizes;
  const lines = [line(connections, 'connections / wait')];
  if (threads < connections && plan.targets.some((target) => target.hasThreadPool)) {
    lines.unshift(line(threads, 'threads / wait'));
  }
  return lines;
}

/** Requests per second, with what arithmetic allows where the wait is fixed. */
export const throughputChart: Chart = {
  id: 'throughput',
  question: 'How many correct answers a second does each target give?',
  figures: (analysis, plan) =>
    analysis.comparisons.map((comparison) =>
      metricFigure(analysis, comparison, {
        chart: 'throughput',
        metric: 'throughput',
        title: 'Throughput',
        quantity: 'throughput',
        legend:
          'Right is better. Large mark: geometric mean of the trials with its 95 % interval. Small marks: single trials.',
        references: (shown) => ceilings(shown, plan),
      }),
    ),
};
