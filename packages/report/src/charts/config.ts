import type { ColourName } from '../colour/palette.ts';
import type { Tick } from './axis.ts';
import type { DotPlot, Mark, Row } from './chart.ts';
import { laneCount } from './lanes.ts';
import { markerOf, type Shape } from './marker.ts';

/** A point of a data set, with the ends of its interval where it has one. */
interface ConfigPoint {
  readonly x: number;
  readonly y: number;
  readonly xMin?: number;
  readonly xMax?: number;
}

/** A data set of Chart.js: what it shows, of which target, and what the pointer is told. Sizes and colours follow from its part and the theme. */
export type ConfigDataset = {
  readonly label: string;
  readonly colour: ColourName;
  readonly data: readonly ConfigPoint[];
} & (
  | { readonly part: 'mark'; readonly reading: string; readonly pointStyle: Shape; readonly hollow: boolean }
  | { readonly part: 'tail'; readonly reading: string }
  | { readonly part: 'trials' }
);

/** An annotation of chartjs-plugin-annotation, without colours. */
export type ConfigAnnotation =
  | {
      readonly type: 'line' | 'box';
      readonly xMin: number;
      readonly xMax: number;
      /** Line above the plot that the label stands on. */
      readonly lane: number;
      readonly label: {
        readonly display: true;
        readonly content: string;
        readonly position: 'start' | { readonly x: 'center'; readonly y: 'start' };
      };
    }
  | {
      readonly type: 'label';
      readonly xValue: number;
      readonly yValue: number;
      readonly content: string;
      readonly position: { readonly x: 'start'; readonly y: 'center' };
    };

/**
 * A configuration of Chart.js that is plain data: colours by name and labels as lists. The page's script adds the functions that JSON cannot
 * carry (`browser/hydrate.ts`).
 */
export interface ChartConfig {
  readonly type: 'scatterWithErrorBars';
  readonly data: { readonly datasets: readonly ConfigDataset[] };
  readonly options: {
    readonly animation: false;
    readonly maintainAspectRatio: false;
    readonly scales: {
      readonly x: {
        readonly type: 'linear' | 'logarithmic';
        readonly min: number;
        readonly max: number;
        readonly title: { readonly display: true; readonly text: string };
      };
      readonly y: { readonly type: 'linear'; readonly reverse: true; readonly min: number; readonly max: number };
    };
    readonly plugins: { readonly annotation: { readonly annotations: Readonly<Record<string, ConfigAnnotation>> } };
  };
  readonly rows: readonly { readonly label: string; readonly isBaseline: boolean }[];
  /** Lines of labels above the plot. */
  readonly lanes: number;
  readonly ticks: readonly Tick[];
}

/** Lanes within a row, as shares of its height below its middle. */
const lanes = { mark: 0, trials: 0.22, tail: 0.24 } as const;

const point = (mark: Mark, y: number): ConfigPoint =>
  mark.interval === null
    ? { x: mark.value, y }
    : { x: mark.value, y, xMin: mark.interval.lower, xMax: mark.interval.upper };

function datasetsOf(row: Row, index: number, hasTails: boolean): readonly ConfigDataset[] {
  const { shape, hollow } = markerOf(row.modelIndex);
  const common = { label: row.targetId, colour: row.colour };
  const { mark, tail, points } = row;
  const datasets: ConfigDataset[] = [];
  if (points.length > 1) {
    const data = points.map((x) => ({ x, y: index + lanes.trials }));
    datasets.push({ ...common, part: 'trials', data });
  }
  if (tail !== null) {
    const data = [point(tail, index + lanes.tail)];
    datasets.push({ ...common, part: 'tail', reading: `p99 ${tail.reading}`, data });
  }
  if (mark !== null) {
    const data = [point(mark, index + lanes.mark)];
    const reading = hasTails ? `median ${mark.reading}` : mark.reading;
    datasets.push({ ...common, part: 'mark', reading, pointStyle: shape, hollow, data });
  }
  return datasets;
}

function annotationsOf({ references, rows, axis }: DotPlot): Record<string, ConfigAnnotation> {
  const lines = references.map(({ from, to, label, lane }, index): [string, ConfigAnnotation] =>
    from === to
      ? [
          `reference${index}`,
          { type: 'line', xMin: from, xMax: to, lane, label: { display: true, content: label, position: 'start' } },
        ]
      : [
          `reference${index}`,
          {
            type: 'box',
            xMin: from,
            xMax: to,
            lane,
            label: { display: true, content: label, position: { x: 'center', y: 'start' } },
          },
        ],
  );
  const absences = rows.flatMap((row, index): [string, ConfigAnnotation][] =>
    row.mark === null
      ? [
          [
            `absence${index}`,
            {
              type: 'label',
              xValue: axis.minimum,
              yValue: index,
              content: row.absence,
              position: { x: 'start', y: 'center' },
            },
          ],
        ]
      : [],
  );
  return Object.fromEntries([...lines, ...absences]);
}

/** The Chart.js configuration of a dot plot, as data. */
export function chartConfig(plot: DotPlot): ChartConfig {
  const { axis, rows } = plot;
  const hasTails = rows.some((row) => row.tail !== null);
  return {
    type: 'scatterWithErrorBars',
    data: { datasets: rows.flatMap((row, index) => datasetsOf(row, index, hasTails)) },
    options: {
      animation: false,
      maintainAspectRatio: false,
      scales: {
        x: {
          type: axis.scale === 'log' ? 'logarithmic' : 'linear',
          min: axis.minimum,
          max: axis.maximum,
          title: { display: true, text: axis.title },
        },
        y: { type: 'linear', reverse: true, min: -0.5, max: rows.length - 0.5 },
      },
      plugins: { annotation: { annotations: annotationsOf(plot) } },
    },
    rows: rows.map(({ targetId, isBaseline }) => ({ label: targetId, isBaseline })),
    lanes: laneCount(plot.references),
    ticks: axis.ticks,
  };
}
