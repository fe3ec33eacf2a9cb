import type { Chart } from './chart.ts';
import { metricFigure } from './metric-figure.ts';

/** Median and p99 of response time. */
export const responseTimeChart: Chart = {
  id: 'response-time',
  question: 'How long does a request wait, in the middle and at the end of the distribution?',
  figures: (analysis) =>
    analysis.comparisons.map((comparison) =>
      metricFigure(analysis, comparison, {
        chart: 'response-time',
        metric: 'response-time-p50',
        tail: 'response-time-p99',
        title: 'Response time',
        quantity: 'response time',
        legend:
          'Left is better. Large mark: median with its 95 % interval over trials. Small marks: single trials. Upright bar: p99, where there are enough responses to read it.',
      }),
    ),
};
