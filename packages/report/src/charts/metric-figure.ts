import type { AnalysedComparison, Analysis, Metric } from '@photofinish/schema';
import { unitFor } from '../wording/unit.ts';
import { axisFor } from './axis.ts';
import { pictureLabel, tellingSentence } from './caption.ts';
import type { Figure, Mark } from './chart.ts';
import { inLanes, type Unplaced } from './lanes.ts';
import { cellOf, drawn, estimateOf, rowsOf } from './rows.ts';

/** What a chart of one metric adds to the common form. */
interface MetricPicture {
  readonly chart: string;
  readonly metric: Metric;
  readonly tail?: Metric;
  readonly title: string;
  /** The axis without its unit, e.g. `median response time`. */
  readonly quantity: string;
  readonly legend: string;
  /** Lines in base units. */
  readonly references?: (comparison: AnalysedComparison) => readonly Unplaced[];
}

const ends = (mark: Mark): readonly number[] =>
  mark.interval === null ? [mark.value] : [mark.interval.lower, mark.interval.upper];

/** Anchor of a comparison's table of figures. */
export const figuresTableOf = (comparisonId: string): string => `figures-${comparisonId}`;

/** One metric of one comparison as a dot plot. A comparison in which no target has a value still has its picture: rows that say why. */
export function metricFigure(analysis: Analysis, comparison: AnalysedComparison, picture: MetricPicture): Figure {
  const { metric, tail } = picture;
  const estimates = analysis.targets.flatMap(({ targetId }) => {
    const cell = cellOf(comparison, targetId);
    return [estimateOf(cell, metric), tail === undefined ? undefined : estimateOf(cell, tail)].flatMap((estimate) =>
      estimate?.value == null ? [] : [estimate.value],
    );
  });
  const unit = unitFor(metric, estimates);
  const rows = rowsOf(comparison, analysis.targets, metric, unit, tail);
  const references = (picture.references?.(comparison) ?? []).map(({ from, to, label }) => ({
    from: drawn(from, unit),
    to: drawn(to, unit),
    label,
  }));
  const marks = rows.flatMap((row) => [row.mark, row.tail].filter((mark) => mark !== null));
  const others = [...marks.flatMap(ends), ...rows.flatMap((row) => row.points), ...references.map(({ to }) => to)];
  const shownUnit = metric === 'throughput' ? unit.title : `${picture.quantity}, ${unit.title}`;
  const axis = axisFor(
    marks.map((mark) => mark.value),
    others,
    shownUnit,
  );
  return {
    id: `${picture.chart}-${comparison.id}`,
    chart: picture.chart,
    comparisonId: comparison.id,
    title: picture.title,
    caption: tellingSentence(comparison, metric),
    legend: picture.legend,
    label: pictureLabel(`${picture.title}, ${comparison.title}`, rows),
    table: figuresTableOf(comparison.id),
    plot: { axis, rows, references: inLanes(axis, references) },
  };
}
