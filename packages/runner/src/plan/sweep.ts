import type { Experiment } from '@photofinish/schema';

type Definition = Experiment['comparisons'][number];

/** A comparison of an experiment at one level of cores. */
export type LevelledComparison = Definition & { readonly cores: number | 'all' };

/** A comparison of the experiment with what it became. */
export interface Expansion {
  readonly definition: Definition;
  readonly levels: readonly LevelledComparison[];
}

/** Core counts of a sweep: 1, 2, 4, ... and the most a target can have, in ascending order. */
function sweepLevels(most: number): number[] {
  const doubling = Array.from({ length: 32 }, (_, power) => 2 ** power).filter((count) => count < most);
  return [...doubling, Math.max(1, most)];
}

/**
 * Every comparison at each of its levels. One whose cores are a `sweep`, and with `sweepCores` any other too, becomes a comparison for each
 * core count, named by it; its own count is among them. One that asks for more cores than a target can have stands for itself, so that it is
 * left out with the reason. `most` is the largest number of cores a target can have.
 */
export function expandComparisons(
  definitions: readonly Definition[],
  most: number,
  sweepCores: boolean,
): readonly Expansion[] {
  return definitions.map((definition) => {
    const { cores } = definition;
    if (cores !== 'sweep' && (!sweepCores || !fits(cores, most))) {
      return { definition, levels: [{ ...definition, cores }] };
    }
    const own = typeof cores === 'number' ? [cores] : [];
    const counts = [...new Set([...sweepLevels(most), ...own])].toSorted((a, b) => a - b);
    return { definition, levels: counts.map((count) => atLevel(definition, count)) };
  });
}

function fits(cores: number | 'all', most: number): boolean {
  return cores === 'all' ? most >= 2 : cores <= most;
}

function atLevel(definition: Definition, count: number): LevelledComparison {
  // A title that names its own number of cores would contradict the level's.
  const subject = definition.title.replace(/,? on (one core|all cores|\d+ cores)$/, '');
  return {
    ...definition,
    id: `${definition.id}-${count}`,
    title: `${subject}, on ${count === 1 ? 'one core' : `${count} cores`}`,
    cores: count,
  };
}
