import { describe, expect, test } from 'vitest';
import { capacityOfRun } from './capacity.ts';
import { scalingOf } from './scaling.ts';
import {
  altered,
  fate,
  go,
  java,
  node,
  type SpecimenOptions,
  specimenComparison,
  specimenRun,
  threads,
} from './specimen/index.ts';
import { historiesOf } from './trials.ts';

const comparisons = [1, 2, 4].map((cores) => specimenComparison(`spin-${cores}`, 'cpu', cores));

function scale(options: SpecimenOptions = {}, run = specimenRun({ comparisons, ...options })) {
  return { run, scaling: scalingOf(run.plan, historiesOf(run.plan, run.records)) };
}

const of = ({ scaling }: ReturnType<typeof scale>, targetId: string, toCores: number) =>
  scaling.find((found) => found.targetId === targetId && found.toCores === toCores);

describe('scaling', () => {
  test('pairs the smallest number of cores with each larger one, for every target', () => {
    const all = scale();
    expect(all.scaling.map(({ targetId, fromCores, toCores }) => `${targetId} ${fromCores} ${toCores}`)).toEqual([
      `${node} 1 2`,
      `${threads} 1 2`,
      `${go} 1 2`,
      `${node} 1 4`,
      `${threads} 1 4`,
      `${go} 1 4`,
    ]);
    expect(of(all, threads, 4)?.speedup).toBeCloseTo(1, 1);
    expect(of(all, go, 4)?.speedup).toBeCloseTo(4, 1);
    expect(of(all, go, 4)?.efficiency).toBeCloseTo(1, 1);
    expect(of(all, go, 2)?.pairs).toBe(5);
  });

  test('leaves other workloads, other parameters and equal numbers of cores alone', () => {
    const other = specimenComparison('spin-more', 'cpu', 2);
    const mixed = [
      specimenComparison('spin-1', 'cpu', 1),
      specimenComparison('timer', 'io', 2),
      { ...other, workload: { ...other.workload, parameters: { n: 1 } } },
    ];
    expect(scale({ comparisons: mixed }).scaling).toEqual([]);
    expect(
      scale({ comparisons: [specimenComparison('a', 'cpu', 1), specimenComparison('b', 'cpu', 1)] }).scaling,
    ).toEqual([]);
  });

  test('keeps to replicates that have both, and to none for a target that is absent', () => {
    const absences = { [java]: { cause: 'toolchain-missing', reason: 'none', remedy: 'none' } } as const;
    const whole = specimenRun({ comparisons, targets: [node, go, java], absences });
    const run = altered(
      whole,
      ({ targetId, comparisonId, replicate }) => targetId === go && comparisonId === 'spin-2' && replicate <= 2,
      (record) => [fate(record, 'failed', 'crashed')],
    );
    const damaged = scale({}, run);
    expect(of(damaged, go, 2)?.pairs).toBe(3);
    expect(of(damaged, go, 4)?.pairs).toBe(5);
    expect(of(damaged, java, 2)).toMatchObject({ pairs: 0, speedup: null, interval: null, efficiency: null });
  });
});

describe('the parallel capacity of the host', () => {
  test('is read once a block, on the largest number of cores', () => {
    const readings = [3.9, 3.1, 3.5, 3.8, 3.7];
    const run = specimenRun({
      comparisons,
      figures: ({ comparison, replicate }) =>
        comparison.id === 'spin-4' ? { parallelCapacity: readings[replicate - 1] ?? null } : {},
    });
    const capacity = capacityOfRun(run.plan.comparisons, historiesOf(run.plan, run.records));
    expect(capacity).toMatchObject({ cores: 4, readings, minimum: 3.1, maximum: 3.9 });
    expect(capacity?.mean).toBeCloseTo(3.6, 12);
  });

  test('is null on one core and where it was not read', () => {
    const one = specimenRun({ comparisons: [specimenComparison('spin-1', 'cpu', 1)] });
    expect(capacityOfRun(one.plan.comparisons, historiesOf(one.plan, one.records))).toBeNull();
    const unread = specimenRun({ comparisons, figures: () => ({ parallelCapacity: null }) });
    expect(capacityOfRun(unread.plan.comparisons, historiesOf(unread.plan, unread.records))).toBeNull();
  });
});
