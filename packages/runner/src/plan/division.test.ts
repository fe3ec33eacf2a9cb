import type { TopologyCore } from '@photofinish/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CoreGrant, grantCores, mostCores, seatCores } from './cores.ts';

const numbers = (topology: readonly TopologyCore[]) => topology.map(({ core }) => core);

function granted(topology: readonly TopologyCore[], wanted: number | 'all', cores = numbers(topology)) {
  return grantCores(seatCores(topology, cores, null), wanted, wanted === 'all' ? 0 : wanted);
}

const topologies = fc
  .record({
    physicals: fc.array(fc.record({ threads: fc.integer({ min: 1, max: 4 }), node: fc.integer({ min: 0, max: 3 }) }), {
      minLength: 1,
      maxLength: 24,
    }),
    seed: fc.infiniteStream(fc.nat()),
    isolated: fc.infiniteStream(fc.boolean()),
    someIsolated: fc.boolean(),
  })
  .map(({ physicals, seed, isolated, someIsolated }): TopologyCore[] => {
    const threads = physicals.flatMap(({ threads: count, node }, physical) => {
      const isApart = someIsolated && isolated.next().value === true;
      return Array.from({ length: count }, () => ({ physical, node, package: node, isolated: isApart }));
    });
    const keyed = threads.map((thread) => ({ thread, key: seed.next().value ?? 0 }));
    return keyed.toSorted((a, b) => a.key - b.key).map(({ thread }, core) => ({ ...thread, core }));
  });

describe('the division of cores, on any topology', () => {
  const physicalsOf = (topology: readonly TopologyCore[], cores: readonly number[]) =>
    new Set(cores.map((core) => topology.find((place) => place.core === core)?.physical));
  const everyGrant = (check: (topology: TopologyCore[], count: number, grant: CoreGrant) => void) =>
    fc.assert(
      fc.property(topologies, fc.nat(), (topology, draw) => {
        const count = 1 + (draw % topology.length);
        const grant = granted(topology, count);
        if (typeof grant === 'string') return expect.unreachable(grant);
        check(topology, count, grant);
      }),
      { numRuns: 300 },
    );

  test('stays within the grant, and every granted core is somewhere', () => {
    everyGrant((topology, count, grant) => {
      const { targetCores, generatorCores, helperCores, harnessCores, idleCores } = grant;
      const all = [...targetCores, ...generatorCores, ...helperCores, ...harnessCores, ...idleCores];
      expect([...new Set(all)].sort((a, b) => a - b)).toEqual(numbers(topology));
      expect(targetCores).toHaveLength(count);
    });
  });

  test('keeps target and the others apart unless it says that they share', () => {
    everyGrant((topology, _count, grant) => {
      const { targetCores, generatorCores, helperCores, harnessCores, idleCores } = grant;
      const met = [...generatorCores, ...helperCores, ...harnessCores].some((core) => targetCores.includes(core));
      expect(met).toBe(grant.sharesCores);
      const target = physicalsOf(topology, targetCores);
      const beside = [...physicalsOf(topology, [...generatorCores, ...helperCores, ...harnessCores])];
      expect(beside.some((physical) => target.has(physical))).toBe(grant.sharesPhysicalCores);
      expect(idleCores.some((core) => targetCores.includes(core) || generatorCores.includes(core))).toBe(false);
    });
  });

  test('gives the target whole physical cores first, and shares one only when all others are full', () => {
    everyGrant((topology, count, grant) => {
      const own = physicalsOf(topology, numbers(topology)).size - physicalsOf(topology, grant.generatorCores).size;
      expect(grant.targetPhysicalCores).toBeGreaterThanOrEqual(Math.min(count, own));
      const apart = topology.filter(
        ({ physical }) => !physicalsOf(topology, grant.generatorCores).has(physical),
      ).length;
      expect(grant.sharesPhysicalCores).toBe(count > apart);
    });
  });

  test('keeps a target in one node wherever so many whole cores are there beside the generator', () => {
    everyGrant((topology, count, grant) => {
      if (topology.some(({ isolated }) => isolated)) return;
      const generator = physicalsOf(topology, grant.generatorCores);
      const free = topology.filter(({ physical }) => !generator.has(physical));
      const sizes = [...Map.groupBy(free, ({ node }) => node).values()].map(
        (places) => new Set(places.map(({ physical }) => physical)).size,
      );
      if (count > Math.max(0, ...sizes)) return;
      expect(new Set(grant.targetCores.map((core) => topology.find((place) => place.core === core)?.node)).size).toBe(
        1,
      );
    });
  });

  test('leaves the target no core that is not isolated while an isolated one beside the generator is free', () => {
    everyGrant((topology, count, grant) => {
      const generator = physicalsOf(topology, grant.generatorCores);
      const isolated = topology.filter(({ isolated: apart, physical }) => apart && !generator.has(physical));
      const wholes = new Set(isolated.map(({ physical }) => physical)).size;
      const targets = topology.filter(({ core }) => grant.targetCores.includes(core));
      expect(targets.filter(({ isolated: apart }) => apart).length).toBeGreaterThanOrEqual(Math.min(count, wholes));
    });
  });

  test('is the same every time, whatever the order in which cores are listed', () => {
    everyGrant((topology, count, grant) => {
      expect(granted(topology.toReversed(), count, numbers(topology).toReversed())).toEqual(grant);
    });
  });

  test('contains the smaller level in the larger one, with generator, helpers and harness where they were', () => {
    fc.assert(
      fc.property(topologies, (topology) => {
        const seats = seatCores(topology, numbers(topology), null);
        const most = mostCores(seats);
        const levels = Array.from({ length: most }, (_, index) => grantCores(seats, index + 1, most));
        for (const [index, level] of levels.entries()) {
          const next = levels[index + 1];
          if (typeof level === 'string' || typeof next === 'string' || next === undefined) continue;
          expect(next.targetCores).toEqual(expect.arrayContaining(level.targetCores));
          expect([next.generatorCores, next.helperCores, next.harnessCores]).toEqual([
            level.generatorCores,
            level.helperCores,
            level.harnessCores,
          ]);
        }
      }),
    );
  });
});
