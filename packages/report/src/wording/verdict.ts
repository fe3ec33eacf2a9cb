import type { GateReading, JudgedClaim, Metric, Verdict } from '@photofinish/schema';
import { percent } from './number.ts';

/** What a cell means to a reader; page and terminal give each their own colour, and never colour alone. */
export type Tone = 'good' | 'bad' | 'muted' | 'plain';

/** A verdict as shown: the glyph and the words say it without colour. */
export interface VerdictLabel {
  readonly glyph: string;
  /** The glyph where only ASCII can be shown. */
  readonly ascii: string;
  readonly word: string;
  readonly tone: Tone;
}

const directions: Record<Metric, { readonly better: string; readonly worse: string }> = {
  throughput: { better: 'Faster', worse: 'Slower' },
  'cpu-per-request': { better: 'Cheaper', worse: 'Dearer' },
  'response-time-p50': { better: 'Quicker', worse: 'Slower' },
  'response-time-p99': { better: 'Quicker', worse: 'Slower' },
  memory: { better: 'Smaller', worse: 'Larger' },
};

const directionGlyphs = {
  different: { better: ['▲', '++'], worse: ['▼', '--'] },
  'different-but-may-be-small': { better: ['△', '+'], worse: ['▽', '-'] },
} as const;

/** The one translation of a verdict into glyph, word and tone: page, terminal and captions all use it. */
export function verdictLabel(verdict: Verdict): VerdictLabel {
  switch (verdict.verdict) {
    case 'different':
    case 'different-but-may-be-small': {
      const direction = verdict.direction ?? 'worse';
      const [glyph, ascii] = directionGlyphs[verdict.verdict][direction];
      const word = directions[verdict.metric][direction];
      const reserve = verdict.verdict === 'different' ? '' : ', may be small';
      return { glyph, ascii, word: `${word}${reserve}`, tone: direction === 'better' ? 'good' : 'bad' };
    }
    case 'practically-equivalent':
      return { glyph: '=', ascii: '=', word: `Same within ${percent(verdict.margin)}`, tone: 'plain' };
    case 'inconclusive':
      return { glyph: '?', ascii: '?', word: 'Cannot tell', tone: 'muted' };
    case 'no-verdict':
      return { glyph: '⊘', ascii: 'x', word: 'No verdict', tone: 'muted' };
  }
}

const gateTitles: Record<GateReading['gate'], string> = {
  blocks: 'valid blocks',
  'dropped-blocks': 'dropped blocks',
  alias: 'A/A alias',
  errors: 'errors',
  guards: 'guards',
  'shape-only': 'shape-only host',
  measured: 'measured',
};

/** A gate with its reading and its limit: `valid blocks: 3 (limit: at least 5)`. */
export function gateText(gate: GateReading): string {
  return `${gateTitles[gate.gate]}: ${gate.reading} (limit: ${gate.limit})`;
}

/** A judged claim as shown. */
export function claimLabel(outcome: JudgedClaim['outcome']): VerdictLabel {
  switch (outcome) {
    case 'holds':
      return { glyph: '✓', ascii: '+', word: 'Holds', tone: 'good' };
    case 'does-not-hold':
      return { glyph: '✗', ascii: 'x', word: 'Does not hold', tone: 'bad' };
    case 'cannot-tell':
      return { glyph: '?', ascii: '?', word: 'Cannot tell on this host', tone: 'muted' };
  }
}
