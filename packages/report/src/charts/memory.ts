import type { Chart } from './chart.ts';
import { metricFigure } from './metric-figure.ts';

/** Peak memory of the process tree. */
export const memoryChart: Chart = {
  id: 'memory',
  question: 'How much memory does each target hold at its peak?',
  figures: (analysis) =>
    analysis.comparisons.map((comparison) =>
      metricFigure(analysis, comparison, {
        chart: 'memory',
        metric: 'memory',
        title: 'Memory',
        quantity: 'memory of the process tree',
        legend:
          'Left is better. Large mark: geometric mean of the trials with its 95 % interval. Small marks: single trials. The line under the heading says which memory.',
      }),
    ),
};
