import type { Line, Span, TerminalCell, TerminalRow, TerminalTable } from './terminal-report.ts';
import { widthOf, wrapped } from './text.ts';

const gap = '  ';

const padded = ({ text, align }: TerminalCell, width: number): string => {
  const room = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'right' ? `${room}${text}` : `${text}${room}`;
};

const plain = (text: string): Span => ({ text, tone: 'plain' });

/** A line without spaces at its end. */
function trimmed(line: Line): Line {
  const last = line.findLastIndex(({ text }) => text.trim() !== '');
  return line.slice(0, last + 1).map((span, index) => (index === last ? { ...span, text: span.text.trimEnd() } : span));
}

function joined(cells: readonly TerminalCell[], widths: readonly number[]): Line {
  return cells.flatMap((cell, index): Span[] => {
    const text = padded(cell, widths[index] ?? 0);
    return [plain(gap), { text, tone: cell.tone }];
  });
}

function widthsOf(headings: readonly TerminalCell[], rows: readonly (readonly TerminalCell[])[]): readonly number[] {
  return headings.map((heading, index) =>
    Math.max(widthOf(heading.text), ...rows.map((cells) => widthOf(cells[index]?.text ?? ''))),
  );
}

const sum = (widths: readonly number[]): number => widths.reduce((total, width) => total + width + gap.length, 0);

/** A table in lines of at most `columns` characters: verdicts beside the figures if they fit, otherwise each on a line of its own below. */
export function tableLines(table: TerminalTable, columns: number): readonly Line[] {
  const { headings, verdictHeadings, rows } = table;
  const name = (row: TerminalRow): TerminalCell => ({ text: row.targetId, tone: 'plain', align: 'left' });
  const widths = widthsOf(
    headings,
    rows.map((row) => [name(row), ...row.cells]),
  );
  const verdictWidths = widthsOf(
    verdictHeadings,
    rows.map((row) => row.verdict),
  );
  const isWide = sum(widths) + sum(verdictWidths) <= columns;
  const [nameWidth = 0] = widths;

  const remarkLines = (remark: string, indent: number): readonly Line[] =>
    wrapped(remark, Math.max(20, columns - indent)).map(
      (text): Line => [plain(' '.repeat(indent)), { text, tone: 'muted' }],
    );

  const rowLines = (row: TerminalRow): readonly Line[] => {
    if (row.cells.length === 0) {
      const [first = [], ...rest] = remarkLines(row.remark ?? '', gap.length * 2 + nameWidth);
      const head = plain(`${gap}${padded(name(row), nameWidth)}${gap}`);
      return [trimmed([head, ...first.slice(1)]), ...rest];
    }
    const figures = joined([name(row), ...row.cells], widths);
    const judged = joined(row.verdict, verdictWidths);
    const remark = row.remark === null ? [] : remarkLines(row.remark, gap.length * 3);
    const isBlank = row.verdict.every(({ text }) => text === '');
    if (isWide || isBlank) return [trimmed([...figures, ...judged]), ...remark];
    return [trimmed(figures), trimmed([plain(gap.repeat(2)), ...judged]), ...remark];
  };

  const heading: Line = [...joined(headings, widths), ...(isWide ? joined(verdictHeadings, verdictWidths) : [])];
  return [
    ...wrapped(table.title, columns).map((text): Line => [plain(text)]),
    ...wrapped(table.description, columns).map((text): Line => [{ text, tone: 'muted' }]),
    trimmed(heading.map((span) => ({ ...span, tone: 'muted' }))),
    ...rows.flatMap(rowLines),
  ];
}

/** A paragraph with a mark before it, its further lines indented under the first. */
export function markedLines(mark: Span, text: string, columns: number): readonly Line[] {
  const indent = widthOf(mark.text) + 1;
  const [first = '', ...rest] = wrapped(text, columns - indent);
  return [[mark, plain(` ${first}`)], ...rest.map((line): Line => [plain(`${' '.repeat(indent)}${line}`)])];
}
