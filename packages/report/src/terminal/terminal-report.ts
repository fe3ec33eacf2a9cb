import type { Tone } from '../wording/verdict.ts';

/** A piece of a line with one tone; who prints it chooses the colour, or none. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One line, not yet coloured. */
export type Line = readonly Span[];

/** A cell of a table. */
export interface TerminalCell extends Span {
  readonly align: 'left' | 'right';
}

/** One target in a table. */
export interface TerminalRow {
  readonly targetId: string;
  /** Cells of figures, one for each heading after the target's; empty when there are none, and then the remark says why. */
  readonly cells: readonly TerminalCell[];
  /** What is judged: beside the figures where the terminal is wide enough, below them otherwise. */
  readonly verdict: readonly TerminalCell[];
  /** Why there are no figures, or what happened to trials that are not among them; null when all is well. */
  readonly remark: string | null;
}

/** One table: a comparison, or the scaling of a workload. */
export interface TerminalTable {
  readonly title: string;
  readonly description: string;
  /** Headings of the target column, the figures and the verdict. */
  readonly headings: readonly TerminalCell[];
  readonly verdictHeadings: readonly TerminalCell[];
  readonly rows: readonly TerminalRow[];
}

/** What the terminal shows of an analysis: the parts, and the lines laid out for a width. */
export interface TerminalReport {
  readonly tables: readonly TerminalTable[];
  readonly claims: readonly Line[];
  readonly absences: readonly Line[];
  readonly stamps: readonly string[];
  /** Sentences that neither claims nor absences say already. */
  readonly sentences: readonly string[];
  /** All of it, laid out; no control sequences. */
  readonly lines: readonly Line[];
  /** The lines without their tones. */
  readonly text: string;
}

/** How to lay out. */
export interface TerminalLayout {
  /** Width of the terminal in characters; less than 80 is taken as 80. Default 80. */
  readonly columns?: number;
  /** Use ASCII only. Default false. */
  readonly ascii?: boolean;
}
