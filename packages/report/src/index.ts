export { type AnalysedRun, analyse } from './analysis/index.ts';
export { type PageInput, renderPage } from './pages/page.ts';
export type {
  Line,
  Span,
  TerminalCell,
  TerminalLayout,
  TerminalReport,
  TerminalRow,
  TerminalTable,
} from './terminal/terminal-report.ts';
export { terminalTable } from './terminal/terminal-table.ts';
export type { Tone } from './wording/verdict.ts';
