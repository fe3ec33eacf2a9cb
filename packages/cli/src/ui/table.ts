import type { TerminalReport, Tone } from '@photofinish/report';
import type { Colours } from './colours.ts';

/** The terminal report as text in colour. */
export function paint(report: TerminalReport, colours: Colours): string {
  const tones: Record<Tone, (text: string) => string> = {
    good: colours.green,
    bad: colours.red,
    muted: colours.dim,
    plain: (text) => text,
  };
  return report.lines.map((line) => line.map(({ text, tone }) => tones[tone](text)).join('')).join('\n');
}
