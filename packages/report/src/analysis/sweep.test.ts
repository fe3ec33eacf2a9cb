import { CoreSweep } from '@photofinish/schema';
import { capacityRatio } from '@photofinish/stats';
import { describe, expect, test } from 'vitest';
import { analyse } from './analyse.ts';
import { coreLevels } from './levels.ts';
import {
  altered,
  fate,
  go,
  node,
  type SpecimenOptions,
  specimenComparison,
  specimenRun,
  threads,
} from './specimen/index.ts';

const comparisons = [8, 1, 4, 2].map((cores) => specimenComparison(`spin-${cores}`, 'cpu', cores));
const truth = { alpha: 0.06, beta: 0.012 };

/** Throughput by the law for `go`, none gained by the others; a factor for each block, and the small noise of each trial as the specimen has it. */
const lawful: NonNullable<SpecimenOptions['figures']> = ({ comparison, targetId, replicate, role }) => {
  const cores = comparison.targetCores.length;
  const noise = 1 + 0.004 * Math.sin(cores * 7 + replicate * 3 + targetId.length + role.length);
  const throughput = 200 * (1 + 0.1 * replicate) * noise * (targetId === go ? capacityRatio(cores, truth) : 1);
  return { throughput, medianSeconds: comparison.load.arrivals.connections / throughput };
};

const sweepsIn = (run: ReturnType<typeof specimenRun>) => analyse(run).sweeps;
const of = (sweeps: readonly CoreSweep[], targetId: string) =>
  sweeps.find((sweep) => sweep.targetId === targetId) ?? expect.unreachable(targetId);
const whole = () => specimenRun({ comparisons, figures: lawful });

describe('a sweep of cores', () => {
  test('has every target once, with its levels in ascending order and speedups over the first', () => {
    const sweeps = sweepsIn(whole());
    expect(sweeps.map(({ targetId }) => targetId)).toEqual([node, threads, go]);
    const { levels, id } = of(sweeps, go);
    expect(id).toBe('spin-1');
    expect(levels.map(({ cores, pairs }) => [cores, pairs])).toEqual([
      [1, 5],
      [2, 5],
      [4, 5],
      [8, 5],
    ]);
    expect(levels[0]).toMatchObject({ speedup: 1, interval: null, efficiency: 1 });
    expect(levels[3]?.speedup).toBeCloseTo(capacityRatio(8, truth), 1);
    expect(levels[3]?.efficiency).toBeCloseTo(capacityRatio(8, truth) / 8, 2);
  });

  test('finds the law behind the figures, and measured over fitted is what the residual says', () => {
    const { law, levels } = of(sweepsIn(whole()), go);
    if (law.outcome === 'refused') return expect.unreachable(law.reason);
    expect(law.replicates).toBe(5);
    expect(law.alpha.interval?.lower).toBeLessThan(truth.alpha);
    expect(law.alpha.interval?.upper).toBeGreaterThan(truth.alpha);
    expect(law.peakCores.value).toBeCloseTo(Math.sqrt((1 - truth.alpha) / truth.beta), 0);
    expect(levels[0]?.fitted).toBeCloseTo(1 / (1 + (levels[0]?.residual ?? 0)), 9);
    for (const { speedup, fitted, residual } of levels) {
      const foot = 1 + (levels[0]?.residual ?? 0);
      expect(((speedup ?? 0) / (fitted ?? 1)) * foot).toBeCloseTo((1 + (residual ?? 0)) * foot, 4);
    }
  });

  test('keeps to replicates that have a level, and tells of a target without any', () => {
    const run = altered(
      whole(),
      ({ targetId, comparisonId, replicate }) =>
        targetId === threads || (targetId === go && comparisonId === 'spin-8' && replicate <= 2),
      (record) => [fate(record, 'failed', 'crashed')],
    );
    const sweeps = sweepsIn(run);
    expect(of(sweeps, go).levels.map(({ pairs }) => pairs)).toEqual([5, 5, 5, 3]);
    expect(of(sweeps, go).law.outcome).toBe('fitted');
    expect(of(sweeps, threads).law).toEqual({
      outcome: 'refused',
      reason: 'it has no valid trial at any number of cores',
    });
    expect(of(sweeps, threads).levels[3]).toMatchObject({ speedup: null, fitted: null, residual: null, pairs: 0 });
  });

  test('shows three levels without a law, and two not at all', () => {
    const three = sweepsIn(specimenRun({ comparisons: comparisons.slice(1), figures: lawful }));
    expect(three.map(({ law }) => law.outcome)).toEqual(['refused', 'refused', 'refused']);
    expect(of(three, go).law).toMatchObject({ reason: expect.stringContaining('there are 3') });
    expect(sweepsIn(specimenRun({ comparisons: comparisons.slice(2), figures: lawful }))).toEqual([]);
  });

  test('leaves levels on SMT siblings and on shared cores out of the law, and shows them', () => {
    const more = [
      specimenComparison('spin-16', 'cpu', 16),
      specimenComparison('spin-24', 'cpu', 24, { targetPhysicalCores: 16 }),
      specimenComparison('spin-32', 'cpu', 32, { sharesPhysicalCores: true }),
    ];
    const bent: NonNullable<SpecimenOptions['figures']> = (place) => {
      const figures = lawful(place);
      const isOff = place.comparison.targetCores.length > 16;
      return isOff ? { ...figures, throughput: (figures.throughput ?? 0) / 2 } : figures;
    };
    const { law, levels } = of(sweepsIn(specimenRun({ comparisons: [...comparisons, ...more], figures: bent })), go);
    expect(law).toMatchObject({ outcome: 'fitted' });
    expect(levels.map(({ cores, fitted }) => [cores, fitted === null])).toEqual([
      [1, false],
      [2, false],
      [4, false],
      [8, false],
      [16, false],
      [24, true],
      [32, true],
    ]);
    expect(levels.at(-1)?.speedup).toBeGreaterThan(0);
  });

  test('has what the schema allows where an interval has no end', () => {
    for (const sweep of sweepsIn(whole())) expect(CoreSweep.parse(JSON.parse(JSON.stringify(sweep)))).toEqual(sweep);
  });

  test('comes with the parallel capacity of the host on each of its levels', () => {
    expect(analyse(whole()).parallelCapacities.map(({ cores }) => cores)).toEqual([2, 4, 8]);
  });
});

describe('levels of cores', () => {
  const ids = (plan: Parameters<typeof coreLevels>[0]) => coreLevels(plan).map((levels) => levels.map(({ id }) => id));

  test('are told by workload, whatever their names', () => {
    const named = [specimenComparison('spin-all-cores', 'cpu', 2), specimenComparison('spin-one-core', 'cpu', 1)];
    expect(ids({ comparisons: named })).toEqual([['spin-one-core', 'spin-all-cores']]);
  });

  test('are told by the name they were split from where a workload comes under several loads', () => {
    const twice = [1, 2, 4].flatMap((cores) => [
      specimenComparison(`few-${cores}`, 'io', cores),
      specimenComparison(`many-${cores}`, 'io', cores),
    ]);
    expect(ids({ comparisons: twice })).toEqual([
      ['few-1', 'few-2', 'few-4'],
      ['many-1', 'many-2', 'many-4'],
    ]);
  });
});
