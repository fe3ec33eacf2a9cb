import type { Condition } from '@photofinish/schema';

/** What a plan needs of the host. */
export interface Needs {
  /** Largest number of connections of any cell; null when no plan is at hand. */
  readonly connections: number | null;
  /** Cores the plan uses; null when no plan is at hand. */
  readonly cores: readonly number[] | null;
}

/** Identity of a condition. */
export interface About {
  readonly id: string;
  readonly title: string;
}

/** A condition that is as it should be. */
export function fine({ id, title }: About, found: string): Condition {
  return { id, title, level: 'ok', found, effect: '', remedy: '' };
}

/** A condition that harms: what was found, what it does to results and the command that mends it. */
export function harm(
  { id, title }: About,
  level: 'warning' | 'refusal',
  parts: Pick<Condition, 'found' | 'effect' | 'remedy'>,
): Condition {
  return { id, title, level, ...parts };
}
