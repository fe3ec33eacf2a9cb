import type { Experiment, Plan } from '@photofinish/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { specimenExperiment, specimenTarget } from '../specimens/experiment.ts';
import { makePlan, type PlanOptions } from './plan.ts';
import { plainTopology } from './topology.ts';

const targets = ['node/async-await', 'go/goroutines', 'python/threads'].map((targetId) => specimenTarget(targetId));
const options = (changes: Partial<PlanOptions> = {}): PlanOptions => ({
  targets,
  blocks: 3,
  seed: 7,
  grantedCores: [0, 1],
  topology: plainTopology(Array.from({ length: 16 }, (_, core) => core)),
  loadCores: null,
  sweepCores: false,
  engine: 'mock',
  placement: { network: 'loopback', topology: 'same-host', limits: null },
  ...changes,
});
const plan = (changes: Partial<PlanOptions> = {}, experiment: Experiment = specimenExperiment) =>
  makePlan(experiment, options(changes));
const order = ({ blocks }: Plan) =>
  blocks.map((block) => block.trials.map(({ targetId, role }) => `${role} ${targetId}`));

describe('makePlan', () => {
  test('gives equal bytes for equal inputs and another order for another seed', () => {
    expect(JSON.stringify(plan())).toBe(JSON.stringify(plan()));
    expect(order(plan({ seed: 8 }))).not.toEqual(order(plan()));
    expect(plan({ seed: 8 }).hash).not.toBe(plan().hash);
  });

  test('puts every target once and the alias once more into every block, whatever the seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 12 }), (seed, blocks) => {
        for (const block of plan({ seed, blocks }).blocks) {
          const measured = block.trials.filter(({ role }) => role === 'target').map(({ targetId }) => targetId);
          expect(measured.sort()).toEqual(['go/goroutines', 'node/async-await', 'python/threads']);
          expect(block.trials.filter(({ role }) => role === 'alias').map(({ targetId }) => targetId)).toEqual([
            'node/async-await',
          ]);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('puts each target at each place of a block about equally often', () => {
    const places = plan({ blocks: 400 }).blocks.map((block) =>
      block.trials.findIndex(({ targetId }) => targetId === 'go/goroutines'),
    );
    for (const place of [0, 1, 2, 3])
      expect(places.filter((found) => found === place).length / places.length).toBeCloseTo(0.25, 1);
  });

  test('gives all trials of a block the same load, and each block its own', () => {
    const seeds = plan().blocks.map((block) => new Set(block.trials.map(({ seed }) => seed)));
    expect(seeds.every((one) => one.size === 1)).toBe(true);
    expect(new Set(seeds.map((one) => [...one][0])).size).toBe(seeds.length);
  });

  test('takes the targets in turn for a rotating alias', () => {
    const rotating = plan({}, { ...specimenExperiment, alias: 'rotating' });
    const aliases = rotating.blocks
      .filter(({ comparisonId }) => comparisonId === 'timer')
      .map((block) => block.trials.find(({ role }) => role === 'alias')?.targetId);
    expect(aliases).toEqual(['node/async-await', 'go/goroutines', 'python/threads']);
  });

  test('keeps an absent target in its list and out of its blocks', () => {
    const absence = { cause: 'toolchain-missing' as const, reason: 'Go was not found', remedy: 'install it' };
    const partial = plan({
      targets: [specimenTarget('node/async-await'), specimenTarget('go/goroutines', { absence, toolchain: null })],
    });
    expect(partial.targets.map(({ targetId }) => targetId)).toContain('go/goroutines');
    expect(order(partial).flat()).not.toContain('target go/goroutines');
  });

  test('takes up a claim only where all of its targets are asked for, absent ones included', () => {
    const claim = (id: string, targets: string[]) => ({
      rule: 'ceiling' as const,
      id,
      sentence: id,
      comparison: 'timer',
      targets,
      ceiling: 'connections' as const,
      tolerance: 0.1,
    });
    const claims = [
      claim('both', ['node/async-await', 'go/goroutines']),
      claim('stranger', ['go/goroutines', 'rust/tokio']),
    ];
    const absence = { cause: 'toolchain-missing' as const, reason: 'Go was not found', remedy: 'install it' };
    const asked = [specimenTarget('node/async-await'), specimenTarget('go/goroutines', { absence })];
    expect(plan({ targets: asked }, { ...specimenExperiment, claims }).experiment.claims.map(({ id }) => id)).toEqual([
      'both',
    ]);
  });

  test('names another baseline when its own is absent', () => {
    const absence = { cause: 'toolchain-missing' as const, reason: 'not found', remedy: 'install it' };
    const without = plan({
      targets: [specimenTarget('node/async-await', { absence }), specimenTarget('go/goroutines')],
    });
    expect(without.baseline).toBe('go/goroutines');
    expect(order(without).flat()).toContain('alias go/goroutines');
  });

  test('leaves out with a reason what one core cannot hold', () => {
    const single = plan({ grantedCores: [3] });
    expect(single.leftOut).toEqual([
      { comparisonId: 'spin-all-cores', reason: 'one core is granted; scaling needs at least two' },
    ]);
    expect(single.comparisons.map(({ id }) => id)).toEqual(['timer']);
  });

  test('multiplies connections with the cores the target really has', () => {
    const all = plan({ grantedCores: [0, 1, 2, 3] }).comparisons.find(({ id }) => id === 'spin-all-cores');
    expect(all).toMatchObject({
      targetCores: [0, 1, 2],
      load: { arrivals: { connections: 48 } },
      sizes: { threads: 64, cpuPool: 3 },
    });
  });

  test('gives cells the same id in every block, and another one under another load or number of cores', () => {
    const cells = (changes: Partial<PlanOptions>, experiment?: Experiment) =>
      new Set(
        plan(changes, experiment)
          .blocks.filter(({ comparisonId }) => comparisonId === 'spin-all-cores')
          .flatMap(({ trials }) =>
            trials.filter(({ targetId }) => targetId === 'go/goroutines').map(({ cellId }) => cellId),
          ),
      );
    expect(cells({}).size).toBe(1);
    expect(cells({ seed: 99 })).toEqual(cells({}));
    expect(cells({ grantedCores: [0, 1, 2, 3] })).not.toEqual(cells({}));
    const [timer, spin] = specimenExperiment.comparisons;
    if (timer === undefined || spin === undefined) return expect.unreachable();
    const other = {
      ...specimenExperiment,
      comparisons: [timer, { ...spin, load: { ...spin.load, timeoutSeconds: timer.load.drain.maximumSeconds } }],
    };
    expect(cells({}, other)).not.toEqual(cells({}));
  });

  test('is provisional below the number of blocks the experiment names', () => {
    expect([plan({ blocks: 9 }).provisional, plan({ blocks: 10 }).provisional]).toEqual([true, false]);
  });

  test.each([0, -1, 1.5])('refuses %s blocks', (blocks) => {
    expect(() => plan({ blocks })).toThrow(expect.objectContaining({ code: 'E_BLOCKS' }));
  });
});

describe('a sweep over cores', () => {
  const [timer] = specimenExperiment.comparisons;
  const sweeping = (granted: number[]) => {
    if (timer === undefined) return expect.unreachable();
    return plan(
      { grantedCores: granted },
      { ...specimenExperiment, comparisons: [{ ...timer, id: 'spin', cores: 'sweep' }] },
    );
  };

  test.each([
    [[0], [1]],
    [
      [0, 1],
      [1, 2],
    ],
    [
      [0, 1, 2, 3],
      [1, 2, 3],
    ],
    [Array.from({ length: 9 }, (_, core) => core), [1, 2, 4, 8]],
    [Array.from({ length: 13 }, (_, core) => core), [1, 2, 4, 8, 12]],
  ])('of %j becomes comparisons on %j cores', (granted, counts) => {
    const { comparisons, leftOut } = sweeping(granted);
    expect(comparisons.map(({ id, targetCores }) => [id, targetCores.length])).toEqual(
      counts.map((count) => [`spin-${count}`, count]),
    );
    expect(leftOut).toEqual([]);
  });
});

describe('a plan whose every comparison sweeps the cores', () => {
  const [timer, spin] = specimenExperiment.comparisons;
  const granted = Array.from({ length: 5 }, (_, core) => core);
  const swept = (experiment: Experiment = specimenExperiment, grantedCores = granted) =>
    plan({ grantedCores, sweepCores: true }, experiment);
  const ids = ({ comparisons }: Plan) => comparisons.map(({ id }) => id);
  const ceiling = {
    rule: 'ceiling' as const,
    id: 'held',
    sentence: 'One thread holds them all.',
    comparison: 'timer',
    targets: ['go/goroutines'],
    ceiling: 'connections' as const,
    tolerance: 0.1,
  };
  const speedup = {
    rule: 'speedup' as const,
    id: 'gains',
    sentence: 'Goroutines gain.',
    from: 'spin-one-core',
    to: 'spin-all-cores',
    targets: ['go/goroutines'],
    atLeastShareOfCapacity: 0.8,
  };
  const twice = () => {
    if (timer === undefined || spin === undefined) return expect.unreachable();
    const one = { ...spin, id: 'spin-one-core', title: 'Computing, on one core', cores: 1 };
    return { ...specimenExperiment, comparisons: [timer, one, spin], claims: [ceiling, speedup] };
  };

  test('has each comparison once for 1, 2, 4 and all cores, with the load that goes with them', () => {
    expect(ids(swept())).toEqual([
      'timer-1',
      'timer-2',
      'timer-4',
      'spin-all-cores-1',
      'spin-all-cores-2',
      'spin-all-cores-4',
    ]);
    expect(swept().comparisons.map(({ load }) => load.arrivals.connections)).toEqual([16, 16, 16, 16, 32, 64]);
    expect(swept().comparisons.map(({ title }) => title)).toContain('Computing, on one core');
  });

  test('makes levels that two comparisons have in common once', () => {
    expect(ids(swept(twice()))).toEqual([
      'timer-1',
      'timer-2',
      'timer-4',
      'spin-one-core-1',
      'spin-one-core-2',
      'spin-one-core-4',
    ]);
  });

  test('lets claims follow to the level the experiment names', () => {
    expect(swept(twice()).experiment.claims).toMatchObject([
      { id: 'held', comparison: 'timer-1' },
      { id: 'gains', from: 'spin-one-core-1', to: 'spin-one-core-4' },
    ]);
  });

  test('keeps a number of cores that is no power of two', () => {
    if (timer === undefined) return expect.unreachable();
    const three = { ...specimenExperiment, comparisons: [{ ...timer, cores: 3 }], claims: [ceiling] };
    expect(ids(swept(three))).toEqual(['timer-1', 'timer-2', 'timer-3', 'timer-4']);
    expect(swept(three).experiment.claims).toMatchObject([{ comparison: 'timer-3' }]);
  });

  test('leaves out what the host cannot hold under its own name, so that a claim about it meets the reason', () => {
    const single = swept(twice(), [0]);
    expect(ids(single)).toEqual(['timer-1', 'spin-one-core-1']);
    expect(single.leftOut.map(({ comparisonId }) => comparisonId)).toEqual(['spin-all-cores']);
    expect(single.experiment.claims).toMatchObject([
      { comparison: 'timer-1' },
      { from: 'spin-one-core-1', to: 'spin-all-cores' },
    ]);
  });

  test('is refused where no comparison fits', () => {
    if (spin === undefined) return expect.unreachable();
    expect(() => swept({ ...specimenExperiment, comparisons: [spin] }, [0])).toThrow(
      expect.objectContaining({ code: 'E_CORES_TOO_FEW', kind: 'environment' }),
    );
  });

  test('has only comparisons and claims that fit together, whatever the cores', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), fc.boolean(), (count, sweepCores) => {
        const grantedCores = Array.from({ length: count }, (_, core) => core);
        const made = plan({ grantedCores, sweepCores }, twice());
        const known = new Set([...ids(made), ...made.leftOut.map(({ comparisonId }) => comparisonId)]);
        const named = made.experiment.claims.flatMap((claim) =>
          claim.rule === 'ceiling' ? [claim.comparison] : [claim.from, claim.to],
        );
        expect(named.filter((id) => !known.has(id))).toEqual([]);
        expect(new Set(ids(made)).size).toBe(made.comparisons.length);
      }),
    );
  });

  test('answers a claim about a comparison that is a sweep by nature at every level, a speedup over all of it', () => {
    if (timer === undefined) return expect.unreachable();
    const natural = {
      ...specimenExperiment,
      comparisons: [{ ...timer, cores: 'sweep' as const }],
      claims: [ceiling, { ...speedup, from: 'timer', to: 'timer' }],
    };
    expect(plan({ grantedCores: [0, 1, 2] }, natural).experiment.claims).toMatchObject([
      { id: 'held-1', comparison: 'timer-1' },
      { id: 'held-2', comparison: 'timer-2' },
      { id: 'gains', from: 'timer-1', to: 'timer-2' },
    ]);
  });
});
