import {
  type AnalysedCell,
  type AnalysedComparison,
  causeTexts,
  type Estimate,
  type Metric,
  type PlannedTarget,
} from '@photofinish/schema';
import { counted, range } from '../wording/number.ts';
import { stateLabels, states } from '../wording/state.ts';
import { type DisplayUnit, inUnit, withUnit } from '../wording/unit.ts';
import type { Mark, Row } from './chart.ts';

/** Five significant digits: more than any picture can show, and free of the noise of division. */
export const drawn = (value: number, unit: DisplayUnit): number => Number((value / unit.size).toPrecision(5));

/** The cell of a target itself, its A/A alias apart. */
export function cellOf(comparison: AnalysedComparison, targetId: string): AnalysedCell | undefined {
  return comparison.cells.find((cell) => cell.targetId === targetId && cell.role === 'target');
}

/** The estimate of a metric in a cell. */
export function estimateOf(cell: AnalysedCell | undefined, metric: Metric): Estimate | undefined {
  return cell?.estimates.find((estimate) => estimate.metric === metric);
}

/** An estimate in words: `5,120 /s (5,080 to 5,160)`. */
function estimateText({ value, interval }: Estimate, unit: DisplayUnit): string {
  if (value === null) return 'no value';
  const show = (bound: number) => inUnit(bound, unit);
  return interval === null
    ? withUnit(value, unit)
    : `${withUnit(value, unit)} (${range(interval.lower, interval.upper, show)})`;
}

/** An estimate as a mark; null when no trial has a value. */
function markOf(estimate: Estimate | undefined, unit: DisplayUnit): Mark | null {
  if (estimate === undefined || estimate.value === null) return null;
  const { value, interval, trials } = estimate;
  return {
    value: drawn(value, unit),
    interval: interval && { lower: drawn(interval.lower, unit), upper: drawn(interval.upper, unit) },
    reading: `${estimateText(estimate, unit)}, ${counted(trials, 'trial')}`,
  };
}

/** Why a target has no value in a comparison, in a few words: `not run: its toolchain was not found`. */
export function absenceOf(target: PlannedTarget, cell: AnalysedCell | undefined): string {
  if (target.absence !== null) return `${stateLabels['not-run'].word}: ${causeTexts[target.absence.cause]}`;
  if (cell === undefined) return `${stateLabels['not-run'].word}: no trial was planned`;
  const worst = states.find((state) => state !== 'ok' && cell.states[state] > 0);
  const cause = cell.causes[0]?.cause;
  if (worst === undefined || cause === undefined) return 'no value in any trial';
  return `${stateLabels[worst].word}: ${causeTexts[cause]}`;
}

/** What happened to attempts that are not `ok`, with their number: `2 attempts: the server ended during the trial`. */
export function mishapsOf({ causes }: AnalysedCell): string {
  return causes.map(({ cause, trials }) => `${counted(trials, 'attempt')}: ${causeTexts[cause]}`).join('; ');
}

/**
 * Targets in the order every picture and table of a comparison has: by throughput, highest first, those without one last in the order of the
 * plan. One order for all metrics lets the eye go across.
 */
export function orderedTargets(
  comparison: AnalysedComparison,
  targets: readonly PlannedTarget[],
): readonly PlannedTarget[] {
  const rate = (target: PlannedTarget) => estimateOf(cellOf(comparison, target.targetId), 'throughput')?.value ?? -1;
  return [...targets].sort((a, b) => rate(b) - rate(a));
}

/** Rows of one metric, with the p99 as tail where asked for. */
export function rowsOf(
  comparison: AnalysedComparison,
  targets: readonly PlannedTarget[],
  metric: Metric,
  unit: DisplayUnit,
  tailMetric?: Metric,
): readonly Row[] {
  return orderedTargets(comparison, targets).map((target) => {
    const cell = cellOf(comparison, target.targetId);
    const estimate = estimateOf(cell, metric);
    const mark = markOf(estimate, unit);
    return {
      targetId: target.targetId,
      colour: target.colour,
      modelIndex: target.modelIndex,
      isBaseline: target.targetId === comparison.baseline,
      mark,
      tail: tailMetric === undefined ? null : markOf(estimateOf(cell, tailMetric), unit),
      points: (estimate?.points ?? []).map((point) => drawn(point, unit)),
      absence: mark === null ? absenceOf(target, cell) : '',
    };
  });
}
