import type { Experiment } from '@photofinish/schema';
import { mostCores } from './cores.ts';

/** A comparison of an experiment at one level of cores. */
export type LevelledComparison = Experiment['comparisons'][number] & { readonly cores: number | 'all' };

/** Core counts of a sweep: 1, 2, 4, ... and the most a target can have, in ascending order. */
function sweepLevels(most: number): number[] {
  const doubling = Array.from({ length: 32 }, (_, power) => 2 ** power).filter((count) => count < most);
  return [...doubling, Math.max(1, most)];
}

/** A comparison at each of its levels: a sweep becomes one comparison per core count, named by it; any other stands for itself. */
export function expandSweep(
  definition: Experiment['comparisons'][number],
  granted: readonly number[],
): LevelledComparison[] {
  const { cores } = definition;
  if (cores !== 'sweep') return [{ ...definition, cores }];
  return sweepLevels(mostCores(granted)).map((count) => ({
    ...definition,
    id: `${definition.id}-${count}`,
    title: `${definition.title}, ${count === 1 ? 'one core' : `${count} cores`}`,
    cores: count,
  }));
}
