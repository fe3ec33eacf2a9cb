import type { StateCounts } from '@photofinish/schema';
import type { Tone } from './verdict.ts';

/** Names of the states a trial can have. */
export type State = keyof StateCounts;

/** States in the order they are listed in. */
export const states: readonly State[] = ['ok', 'failed', 'invalid', 'skipped', 'not-run', 'interrupted'];

/** A state as shown, and what it says of whom. */
export const stateLabels: Record<
  State,
  { readonly glyph: string; readonly word: string; readonly tone: Tone; readonly meaning: string }
> = {
  ok: {
    glyph: '●',
    word: 'ok',
    tone: 'plain',
    meaning: 'server and host behaved; the only state that enters a comparison',
  },
  failed: { glyph: '✗', word: 'failed', tone: 'bad', meaning: 'the target’s own doing, and so a result' },
  invalid: {
    glyph: '◌',
    word: 'invalid',
    tone: 'muted',
    meaning: 'the environment’s doing: kept, counted, not compared, repeated within a budget',
  },
  skipped: { glyph: '–', word: 'skipped', tone: 'muted', meaning: 'left out on purpose after the run began' },
  'not-run': { glyph: '○', word: 'not run', tone: 'muted', meaning: 'never begun' },
  interrupted: { glyph: '⌁', word: 'interrupted', tone: 'muted', meaning: 'begun and cut off' },
};
