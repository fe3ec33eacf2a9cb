import type { Verdict } from '@photofinish/schema';
import { type Html, html, nothing } from '../markup/html.ts';

/** Lowest and highest ratio that a column of ratio pictures shows; logarithmic, so that half and double lie equally far from 1. */
export interface RatioDomain {
  readonly lower: number;
  readonly upper: number;
}

/** The domain that holds the margins and every adjusted interval of some verdicts, with a little room at both ends. */
export function ratioDomain(verdicts: readonly Verdict[]): RatioDomain {
  const ends = verdicts.flatMap(({ margin, interval, adjusted }) => [
    1 + margin,
    1 / (1 + margin),
    ...[interval, adjusted].flatMap((each) => (each === null ? [] : [each.lower, each.upper])),
  ]);
  const usable = ends.filter((end) => end > 0 && Number.isFinite(end));
  const room = 1.06;
  return { lower: Math.min(1, ...usable) / room, upper: Math.max(1, ...usable) * room };
}

/** One verdict's ratio: the margin as a band, 1 as a line, the 95 % interval thick, the adjusted one thin. Its figures stand beside it. */
export function ratioPicture(verdict: Verdict, { lower, upper }: RatioDomain): Html {
  const x = (ratio: number): string => {
    const place = Math.log(Math.max(ratio, lower) / lower) / Math.log(upper / lower);
    return `${Number((100 * Math.min(1, Math.max(0, place))).toFixed(1))}%`;
  };
  const { ratio, interval, adjusted, margin } = verdict;
  if (ratio === null) return nothing;
  const line = (ends: { lower: number; upper: number } | null, kind: string): Html =>
    ends === null ? nothing : html`<line class="${kind}" x1="${x(ends.lower)}" x2="${x(ends.upper)}" y1="9" y2="9"/>`;
  const [from, to] = [x(1 / (1 + margin)), x(1 + margin)];
  const width = (Number.parseFloat(to) - Number.parseFloat(from)).toFixed(1);
  return html`<svg class="ratio" aria-hidden="true"><rect class="band" x="${from}" y="0" width="${width}%" height="18"/><line class="one" x1="${x(1)}" x2="${x(1)}" y1="0" y2="18"/>${line(adjusted, 'thin')}${line(interval, 'thick')}<circle cx="${x(ratio)}" cy="9" r="3.5"/></svg>`;
}
