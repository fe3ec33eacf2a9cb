import type { AnalysedComparison, Estimate, Metric, PlannedTarget } from '@photofinish/schema';
import { figuresTableOf } from '../../charts/metric-figure.ts';
import { absenceOf, cellOf, estimateOf, mishapsOf, orderedTargets } from '../../charts/rows.ts';
import { type Html, html, nothing } from '../../markup/html.ts';
import { percent, range, whole } from '../../wording/number.ts';
import { type DisplayUnit, inUnit, unitFor } from '../../wording/unit.ts';
import { scrollingTable } from '../table.ts';
import { targetName } from './targets.ts';

const columns: readonly { readonly metric: Metric; readonly title: string }[] = [
  { metric: 'throughput', title: 'Throughput' },
  { metric: 'response-time-p50', title: 'Response time p50' },
  { metric: 'response-time-p99', title: 'Response time p99' },
  { metric: 'cpu-per-request', title: 'CPU per request' },
  { metric: 'memory', title: 'Memory' },
];

function estimateCell(estimate: Estimate | undefined, unit: DisplayUnit): Html {
  if (estimate === undefined || estimate.value === null)
    return html`<td class="figure-cell number absent">no value</td>`;
  const { value, interval } = estimate;
  const bounds =
    interval === null ? 'no interval' : range(interval.lower, interval.upper, (bound) => inUnit(bound, unit));
  return html`<td class="figure-cell number">${inUnit(value, unit)} <small>${bounds}</small></td>`;
}

/** The figures behind the pictures of a comparison: one row a target, one unit a column. */
export function figuresTable(comparison: AnalysedComparison, targets: readonly PlannedTarget[]): Html {
  const valuesOf = (metrics: readonly Metric[]) =>
    comparison.cells.flatMap((cell) => metrics.flatMap((metric) => estimateOf(cell, metric)?.value ?? []));
  const time = unitFor('response-time-p50', valuesOf(['response-time-p50', 'response-time-p99']));
  const unitOf = (metric: Metric): DisplayUnit =>
    metric.startsWith('response-time') ? time : unitFor(metric, valuesOf([metric]));
  const rows = orderedTargets(comparison, targets).map((target) => {
    const cell = cellOf(comparison, target.targetId);
    if (cell === undefined || cell.states.ok === 0) {
      const span = columns.length + 3;
      return html`<tr><th scope="row">${targetName(target)}</th><td class="absent words" colspan="${span}">${absenceOf(target, cell)}</td></tr>`;
    }
    const cells = columns.map(({ metric }) => estimateCell(estimateOf(cell, metric), unitOf(metric)));
    return html`<tr><th scope="row">${targetName(target)}</th><td class="number mishaps">${whole(cell.states.ok)} of ${whole(cell.attempts)}${cell.causes.length === 0 ? nothing : html` <small>${mishapsOf(cell)}</small>`}</td>${cells}<td class="number">${cell.errorShare === null ? 'no value' : percent(cell.errorShare)}</td><td class="number">${cell.littleGap === null ? 'no value' : percent(cell.littleGap)}</td></tr>`;
  });
  const heads = columns.map(
    ({ metric, title }) => html`<th scope="col" class="number">${title}, ${unitOf(metric).symbol}</th>`,
  );
  return scrollingTable({
    id: figuresTableOf(comparison.id),
    caption: `Figures: ${comparison.title}. Geometric mean over trials, 95 % interval below`,
    kind: 'figures',
    head: html`<tr><th scope="col">Target</th><th scope="col" class="number">Trials ok of attempts</th>${heads}<th scope="col" class="number">Errored requests</th><th scope="col" class="number">Little’s law gap</th></tr>`,
    bodies: [html`<tbody>${rows}</tbody>`],
  });
}
