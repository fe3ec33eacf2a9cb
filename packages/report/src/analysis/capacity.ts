import type { ParallelCapacity, PlannedComparison } from '@photofinish/schema';
import { historiesIn, okRecord, type TrialHistory } from './trials.ts';

/**
 * What the host itself showed in the blocks of some comparisons of the same number of cores: the speedup of the fixed spin kernel in as many
 * independent processes. A block measures it once and repeats the number on each of its trials, so that one is taken per block, from the trial that
 * was measured first. Null without a reading.
 */
export function capacityIn(
  comparisons: readonly PlannedComparison[],
  histories: readonly TrialHistory[],
): ParallelCapacity | null {
  const trials = comparisons
    .flatMap(({ id }) => historiesIn(histories, id))
    .flatMap((history) => okRecord(history) ?? [])
    .toSorted((a, b) => a.sequence - b.sequence);
  const perBlock = new Map<string, number>();
  for (const { blockId, host } of trials) {
    if (host.parallelCapacity !== null && !perBlock.has(blockId)) perBlock.set(blockId, host.parallelCapacity);
  }
  const readings = [...perBlock.values()];
  const [first] = comparisons;
  if (first === undefined || readings.length === 0) return null;
  return {
    cores: first.targetCores.length,
    readings,
    mean: readings.reduce((sum, reading) => sum + reading, 0) / readings.length,
    minimum: Math.min(...readings),
    maximum: Math.max(...readings),
  };
}

/** The parallel capacity of a run: on the largest number of cores its comparisons use. Null where all use one core. */
export function capacityOfRun(
  comparisons: readonly PlannedComparison[],
  histories: readonly TrialHistory[],
): ParallelCapacity | null {
  const cores = Math.max(0, ...comparisons.map(({ targetCores }) => targetCores.length));
  const largest = comparisons.filter(({ targetCores }) => targetCores.length === cores);
  return cores < 2 ? null : capacityIn(largest, histories);
}

/** The parallel capacity on each number of cores from two on where it was measured, ascending. */
export function capacitiesOf(
  comparisons: readonly PlannedComparison[],
  histories: readonly TrialHistory[],
): ParallelCapacity[] {
  const levels = Map.groupBy(comparisons, ({ targetCores }) => targetCores.length);
  return [...levels]
    .toSorted(([one], [other]) => one - other)
    .flatMap(([cores, ofLevel]) => (cores < 2 ? [] : (capacityIn(ofLevel, histories) ?? [])));
}
