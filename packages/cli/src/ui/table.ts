import type { TerminalReport } from '@photofinish/report';
import type { Colours } from './colours.ts';

/** The terminal report as text in colour. */
export function paint(report: TerminalReport, colours: Colours): string {
  return report.text;
}
