import { type Analysis, causeTexts } from '@photofinish/schema';
import { whole } from '../wording/number.ts';
import { stateLabels, states } from '../wording/state.ts';
import { sentencesBesideLists } from '../wording/told.ts';
import { claimLabel, type VerdictLabel } from '../wording/verdict.ts';
import { comparisonTable } from './comparison-table.ts';
import { markedLines, tableLines } from './layout.ts';
import { lawTables, scalingTables } from './scaling-table.ts';
import type { Line, Span, TerminalLayout, TerminalReport } from './terminal-report.ts';
import { terminalText, wrapped } from './text.ts';

/** Narrower terminals get lines of this many characters all the same: figures would lose their columns. */
const narrowest = 80;

const empty: Line = [];

const paragraph = (text: string, columns: number, tone: Span['tone'] = 'plain'): readonly Line[] =>
  wrapped(text, columns).map((line): Line => [{ text: line, tone }]);

const section = (title: string, lines: readonly Line[]): readonly Line[] =>
  lines.length === 0 ? [] : [empty, [{ text: title, tone: 'plain' }], ...lines];

/**
 * What the terminal shows of an analysis: the same verdict objects as the page, as tables, claims, sentences and what is missing with its
 * remedy. Every line carries tones instead of colours, and no text of it can drive a terminal.
 */
export function terminalTable(analysis: Analysis, layout: TerminalLayout = {}): TerminalReport {
  const columns = Math.max(narrowest, layout.columns ?? narrowest);
  const ascii = layout.ascii ?? false;
  const show = (text: string): string => terminalText(text, ascii);
  const glyphOf = (label: VerdictLabel): string => (ascii ? label.ascii : label.glyph);

  const tables = [
    ...analysis.comparisons.map((comparison) => comparisonTable(comparison, analysis, show, glyphOf)),
    ...scalingTables(analysis, show),
    ...lawTables(analysis, show),
  ];
  const claims = analysis.claims.flatMap(({ outcome, sentence, reason }) => {
    const label = claimLabel(outcome);
    return markedLines(
      { text: glyphOf(label), tone: label.tone },
      show(`${label.word}: ${sentence} ${reason}`),
      columns,
    );
  });
  const absences = [
    ...analysis.targets.flatMap(({ targetId, absence }) =>
      absence === null
        ? []
        : [`${targetId}: ${causeTexts[absence.cause]}. ${absence.reason}. Remedy: ${absence.remedy}`],
    ),
    ...analysis.leftOut.map(({ comparisonId, reason }) => `${comparisonId}: left out. ${reason}`),
  ].flatMap((text) => markedLines({ text: '-', tone: 'muted' }, show(text), columns));
  const stamps = analysis.stamps.map((stamp) =>
    stamp === 'shape-only' && analysis.hostClassReasons.length > 0
      ? show(`${stamp} (${analysis.hostClassReasons.join('; ')})`)
      : show(stamp),
  );
  const sentences = sentencesBesideLists(analysis).map(show);
  const counts = states
    .filter((state) => analysis.states[state] > 0)
    .map((state) => `${whole(analysis.states[state])} ${stateLabels[state].word}`);

  const toolchains = [...new Set(analysis.targets.flatMap(({ toolchain }) => toolchain ?? []))];

  const lines: readonly Line[] = [
    ...paragraph(show(analysis.experiment.title), columns),
    ...paragraph(show(analysis.experiment.question), columns, 'muted'),
    ...(stamps.length === 0 ? [] : paragraph(`Stamped ${stamps.join(', ')}.`, columns, 'bad')),
    ...(toolchains.length === 0 ? [] : paragraph(show(`Measured on ${toolchains.join(', ')}.`), columns, 'muted')),
    ...tables.flatMap((table) => [empty, ...tableLines(table, columns)]),
    ...section('Claims', claims),
    ...section('Not run', absences),
    ...section(
      'In words',
      sentences.flatMap((text) => markedLines({ text: '-', tone: 'muted' }, text, columns)),
    ),
    empty,
    ...paragraph(
      show(`Trials: ${counts.join(', ')}. Ratios are target over ${analysis.baseline}. Run ${analysis.runId}.`),
      columns,
      'muted',
    ),
  ];
  const text = lines.map((line) => line.map((span) => span.text).join('')).join('\n');
  return { tables, claims, absences, stamps, sentences, lines, text };
}
