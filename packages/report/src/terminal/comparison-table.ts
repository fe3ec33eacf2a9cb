import type { AnalysedComparison, Analysis, Estimate, Metric, Verdict } from '@photofinish/schema';
import { absenceOf, cellOf, estimateOf, mishapsOf, orderedTargets } from '../charts/rows.ts';
import { percent, range, significant } from '../wording/number.ts';
import { type DisplayUnit, inUnit, unitFor } from '../wording/unit.ts';
import { type VerdictLabel, verdictLabel } from '../wording/verdict.ts';
import type { TerminalCell, TerminalRow, TerminalTable } from './terminal-report.ts';

/** Turns text into what the terminal can show. */
export type Show = (text: string) => string;

/** A cell with plain spaces, which need not hold together in a table. */
export function cell(
  show: Show,
  text: string,
  align: TerminalCell['align'],
  tone: TerminalCell['tone'] = 'plain',
): TerminalCell {
  return { text: show(text).replaceAll('\u00a0', ' '), tone, align };
}

const columns: readonly { readonly metric: Metric; readonly title: string }[] = [
  { metric: 'throughput', title: 'throughput' },
  { metric: 'response-time-p50', title: 'p50' },
  { metric: 'cpu-per-request', title: 'CPU/request' },
  { metric: 'memory', title: 'memory' },
];

/** Half the width of an interval as a share of its middle, on the logarithmic scale it was made on. */
function spread({ interval }: Estimate): string {
  if (interval === null || interval.lower === 0) return '';
  return ` ±${percent(Math.sqrt(interval.upper / interval.lower) - 1)}`;
}

/** The throughput verdict, which the terminal shows in full; glyphs beside the other figures stand for theirs. */
function verdictCells(
  show: Show,
  verdict: Verdict | undefined,
  isBaseline: boolean,
  glyphOf: GlyphOf,
): TerminalRow['verdict'] {
  const blank = cell(show, '', 'left');
  if (isBaseline) return [cell(show, 'baseline', 'left', 'muted'), blank];
  if (verdict === undefined) return [cell(show, 'not judged', 'left', 'muted'), blank];
  const label = verdictLabel(verdict);
  const gates = verdict.gates.filter(({ passed }) => !passed).map(({ gate }) => gate);
  const refused = gates.length === 0 ? '' : ` (${gates.join(', ')})`;
  const { ratio, interval } = verdict;
  const text =
    ratio === null
      ? 'no ratio'
      : `${significant(ratio)}${interval === null ? '' : ` (${range(interval.lower, interval.upper)})`}`;
  return [
    cell(show, `${glyphOf(label)} ${label.word}${refused}`, 'left', label.tone),
    cell(show, text, 'left', label.tone),
  ];
}

type GlyphOf = (label: VerdictLabel) => string;

/** A comparison as a table: the verdict objects that the page shows, and the figures behind them. */
export function comparisonTable(
  comparison: AnalysedComparison,
  analysis: Analysis,
  show: Show,
  glyphOf: GlyphOf,
): TerminalTable {
  const units = new Map<Metric, DisplayUnit>(
    columns.map(({ metric }) => [
      metric,
      unitFor(
        metric,
        comparison.cells.flatMap((each) => estimateOf(each, metric)?.value ?? []),
      ),
    ]),
  );
  const unitOf = (metric: Metric): DisplayUnit => units.get(metric) ?? unitFor(metric, []);
  const verdictOf = (targetId: string, metric: Metric): Verdict | undefined =>
    comparison.verdicts.find((verdict) => verdict.targetId === targetId && verdict.metric === metric);

  const rows = orderedTargets(comparison, analysis.targets).map((target): TerminalRow => {
    const { targetId } = target;
    const found = cellOf(comparison, targetId);
    if (found === undefined || found.states.ok === 0) {
      return { targetId: show(targetId), cells: [], verdict: [], remark: show(absenceOf(target, found)) };
    }
    const cells = columns.map(({ metric }): TerminalCell => {
      const estimate = estimateOf(found, metric);
      if (estimate === undefined || estimate.value === null) return cell(show, 'no value', 'right', 'muted');
      const figure = inUnit(estimate.value, unitOf(metric));
      if (metric === 'throughput') return cell(show, `${figure}${spread(estimate)}`, 'right');
      const verdict = verdictOf(targetId, metric);
      if (verdict === undefined) return cell(show, `${figure}  `, 'right');
      const label = verdictLabel(verdict);
      return cell(show, `${figure} ${glyphOf(label)}`, 'right', label.tone === 'muted' ? 'plain' : label.tone);
    });
    const verdict = verdictCells(show, verdictOf(targetId, 'throughput'), targetId === comparison.baseline, glyphOf);
    return {
      targetId: show(targetId),
      cells,
      verdict,
      remark: found.causes.length === 0 ? null : show(mishapsOf(found)),
    };
  });
  return {
    title: show(comparison.title),
    description: show(comparison.description),
    headings: [
      cell(show, 'target', 'left'),
      ...columns.map(({ metric, title }) => cell(show, `${title} ${unitOf(metric).symbol}`, 'right')),
    ],
    verdictHeadings: [cell(show, 'throughput verdict', 'left'), cell(show, 'ratio (95 % interval)', 'left')],
    rows,
  };
}
