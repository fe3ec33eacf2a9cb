import type { Chart } from './chart.ts';
import { metricFigure } from './metric-figure.ts';

/** CPU time per request. */
export const cpuCostChart: Chart = {
  id: 'cpu-cost',
  question: 'How much processor time does one request cost?',
  figures: (analysis) =>
    analysis.comparisons.map((comparison) =>
      metricFigure(analysis, comparison, {
        chart: 'cpu-cost',
        metric: 'cpu-per-request',
        title: 'CPU cost per request',
        quantity: 'CPU time per request',
        legend:
          'Left is better. Large mark: geometric mean of the trials with its 95 % interval. Small marks: single trials.',
      }),
    ),
};
