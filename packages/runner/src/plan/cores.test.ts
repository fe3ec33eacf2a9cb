import type { TopologyCore } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { type CoreGrant, grantCores, seatCores } from './cores.ts';
import { plainTopology } from './topology.ts';

/** Two threads a core, the second ones numbered after all first ones, as Linux numbers them; `perNode` physical cores a node. */
function smt(physicalCores: number, perNode = physicalCores, isolated: readonly number[] = []): TopologyCore[] {
  return Array.from({ length: 2 * physicalCores }, (_, core) => {
    const physical = core % physicalCores;
    const node = Math.floor(physical / perNode);
    return { core, physical, package: node, node, isolated: isolated.includes(core) };
  });
}

const numbers = (topology: readonly TopologyCore[]) => topology.map(({ core }) => core);

function granted(topology: readonly TopologyCore[], wanted: number | 'all', cores = numbers(topology)) {
  return grantCores(seatCores(topology, cores, null), wanted, wanted === 'all' ? 0 : wanted);
}

describe('cores of a host without SMT', () => {
  const plain = {
    targetPhysicalCores: 1,
    idleCores: [],
    sharesCores: false,
    sharesPhysicalCores: false,
  };

  test.each<[string, number[], number | 'all', CoreGrant]>([
    [
      'one core of one',
      [4],
      1,
      {
        ...plain,
        targetCores: [4],
        generatorCores: [4],
        helperCores: [4],
        harnessCores: [4],
        sharesCores: true,
        sharesPhysicalCores: true,
      },
    ],
    [
      'one core of two',
      [0, 1],
      1,
      { ...plain, targetCores: [0], generatorCores: [1], helperCores: [1], harnessCores: [1] },
    ],
    [
      'all of two',
      [0, 1],
      'all',
      {
        ...plain,
        targetCores: [0, 1],
        targetPhysicalCores: 2,
        generatorCores: [1],
        helperCores: [1],
        harnessCores: [1],
        sharesCores: true,
        sharesPhysicalCores: true,
      },
    ],
    [
      'all of four',
      [0, 1, 2, 3],
      'all',
      {
        ...plain,
        targetCores: [0, 1, 2],
        targetPhysicalCores: 3,
        generatorCores: [3],
        helperCores: [3],
        harnessCores: [3],
      },
    ],
    [
      'two of three',
      [2, 5, 7],
      2,
      {
        ...plain,
        targetCores: [2, 5],
        targetPhysicalCores: 2,
        generatorCores: [7],
        helperCores: [7],
        harnessCores: [7],
      },
    ],
    [
      'one of six, and the others what is left',
      [0, 1, 2, 3, 4, 5],
      1,
      { ...plain, targetCores: [0], generatorCores: [5], helperCores: [3], harnessCores: [4], idleCores: [1, 2] },
    ],
  ])('are given as %s', (_what, cores, wanted, grant) => {
    expect(granted(plainTopology(cores), wanted)).toEqual(grant);
  });

  test.each<[string, number[], number | 'all', string]>([
    ['all of one', [0], 'all', 'one core is granted; scaling needs at least two'],
    ['three of two', [0, 1], 3, '3 cores are wanted, 2 are granted'],
  ])('are refused as %s with a reason', (_what, cores, wanted, reason) => {
    expect(granted(plainTopology(cores), wanted)).toBe(reason);
  });

  test('are refused where this host does not have them', () => {
    expect(() => seatCores(plainTopology([0, 1]), [0, 7], null)).toThrow(
      expect.objectContaining({ code: 'E_CORES_UNKNOWN', kind: 'environment', given: 'core 7', allowed: 'cores 0,1' }),
    );
  });

  test('give the generator a core for every 16', () => {
    expect(granted(plainTopology(Array.from({ length: 40 }, (_, core) => core)), 8)).toMatchObject({
      generatorCores: [37, 38, 39],
    });
  });
});

describe('cores of a host with SMT', () => {
  test('are given whole: one thread works, its sibling is idle', () => {
    expect(granted(smt(4), 'all')).toMatchObject({
      targetCores: [0, 1, 2],
      targetPhysicalCores: 3,
      generatorCores: [7],
      idleCores: [3, 4, 5, 6],
      sharesPhysicalCores: false,
    });
  });

  test('are given with their siblings where the level is larger than the number of whole ones', () => {
    expect(granted(smt(4), 5)).toMatchObject({
      targetCores: [0, 1, 2, 4, 5],
      targetPhysicalCores: 3,
      generatorCores: [7],
      sharesPhysicalCores: false,
    });
  });

  test('share the generator’s physical core only when nothing else is left, and say so', () => {
    expect(granted(smt(2), 'all')).toMatchObject({
      targetCores: [0, 2],
      targetPhysicalCores: 1,
      generatorCores: [3],
      sharesPhysicalCores: false,
    });
    expect(granted(smt(2), 3)).toMatchObject({
      targetCores: [0, 1, 2],
      generatorCores: [3],
      sharesCores: false,
      sharesPhysicalCores: true,
    });
    expect(granted(smt(1), 1)).toMatchObject({
      targetCores: [0],
      generatorCores: [1],
      sharesCores: false,
      sharesPhysicalCores: true,
    });
  });
});

describe('cores of a host with several memories, or with isolated cores', () => {
  test('come from one node where they fit, and the generator’s from another', () => {
    expect(granted(smt(8, 4), 4)).toMatchObject({ targetCores: [0, 1, 2, 3], generatorCores: [15] });
    const unequal = plainTopology([0, 1, 2, 3, 4, 5]).map((place) => ({ ...place, node: place.core < 2 ? 0 : 1 }));
    expect(granted(unequal, 4)).toMatchObject({ targetCores: [2, 3, 4, 5], generatorCores: [1] });
  });

  test('are isolated ones for target and generator; the harness is left with another', () => {
    const isolated = plainTopology([0, 1, 2, 3, 4, 5]).map((place) => ({ ...place, isolated: place.core >= 2 }));
    expect(granted(isolated, 2)).toMatchObject({
      targetCores: [2, 3],
      generatorCores: [5],
      helperCores: [0],
      harnessCores: [1],
      idleCores: [4],
    });
  });

  test('give the only isolated core to the target', () => {
    const isolated = plainTopology([0, 1, 2, 3]).map((place) => ({ ...place, isolated: place.core === 3 }));
    expect(granted(isolated, 1)).toMatchObject({ targetCores: [3], generatorCores: [2] });
  });
});

describe('cores with the generator on its own host', () => {
  test('are all for the target; generator, helpers and harness have that host’s', () => {
    const seats = seatCores(smt(2), [0, 1, 2, 3], [0, 1, 2]);
    expect(grantCores(seats, 'all', 2)).toEqual({
      targetCores: [0, 1],
      targetPhysicalCores: 2,
      generatorCores: [0, 1],
      helperCores: [2],
      harnessCores: [2],
      idleCores: [2, 3],
      sharesCores: false,
      sharesPhysicalCores: false,
    });
  });
});
