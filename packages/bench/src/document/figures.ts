import type { PairedRatio } from './ratio.ts';

/** A whole number with separators. */
export const count = (value: number) => Math.round(value).toLocaleString('en-GB');
/** Seconds as microseconds. */
export const micro = (seconds: number) => (seconds * 1e6).toFixed(1);
/** Seconds as milliseconds; a dash where it is not told. */
export const milli = (seconds: number | null) => (seconds === null ? '-' : (seconds * 1e3).toFixed(1));
/** A share as per cent. */
export const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;
/** A ratio with its interval. */
export const interval = ({ ratio, interval: { lower, upper } }: PairedRatio) =>
  `${ratio.toFixed(2)} (${lower.toFixed(2)} to ${upper.toFixed(2)})`;

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
