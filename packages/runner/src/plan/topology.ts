import { EnvironmentError, type TopologyCore } from '@photofinish/schema';

/** A physical core with those of its hardware threads that are granted, in ascending order. */
export interface PhysicalCore {
  readonly threads: readonly [number, ...number[]];
  readonly node: number;
  /** Whether the scheduler leaves all of its granted threads alone (`isolcpus`). */
  readonly isIsolated: boolean;
}

/** A topology in which every core stands for itself: one thread each, one memory, none isolated. For hosts that tell no more, and for tests. */
export function plainTopology(cores: readonly number[]): TopologyCore[] {
  return cores.map((core, index) => ({ core, physical: index, package: 0, node: 0, isolated: false }));
}

/**
 * The granted physical cores in the order in which a target is given them: isolated ones first, since nothing else is scheduled there; among
 * those, node by node, the node with most of them first, so that a target that fits into one memory gets one. Throws `EnvironmentError`
 * `E_CORES_UNKNOWN` for a granted core that the topology does not have.
 */
export function physicalCores(topology: readonly TopologyCore[], granted: readonly number[]): PhysicalCore[] {
  const known = new Map(topology.map((place) => [place.core, place]));
  const places = [...new Set(granted)]
    .toSorted((a, b) => a - b)
    .map((core) => known.get(core) ?? refuseCore(core, topology));
  const groups = [...Map.groupBy(places, ({ physical }) => physical).values()];
  const cores = groups.flatMap((group): PhysicalCore[] => {
    const [first, ...siblings] = group;
    if (first === undefined) return [];
    return [
      {
        threads: [first.core, ...siblings.map(({ core }) => core)],
        node: first.node,
        isIsolated: group.every(({ isolated }) => isolated),
      },
    ];
  });
  const ranks = nodeRanks(cores);
  const rank = ({ node }: PhysicalCore) => ranks.get(node) ?? 0;
  return cores.toSorted(
    (a, b) => Number(b.isIsolated) - Number(a.isIsolated) || rank(a) - rank(b) || a.threads[0] - b.threads[0],
  );
}

/** Nodes by rank from 0: most isolated cores first, then most cores, then the lower number. */
function nodeRanks(cores: readonly PhysicalCore[]): Map<number, number> {
  const nodes = [...Map.groupBy(cores, ({ node }) => node)].map(([node, members]) => ({
    node,
    isolated: members.filter(({ isIsolated }) => isIsolated).length,
    count: members.length,
  }));
  const ranked = nodes.toSorted((a, b) => b.isolated - a.isolated || b.count - a.count || a.node - b.node);
  return new Map(ranked.map(({ node }, index) => [node, index]));
}

function refuseCore(core: number, topology: readonly TopologyCore[]): never {
  throw new EnvironmentError('E_CORES_UNKNOWN', {
    what: `Core ${core} is not on this host, or is switched off.`,
    given: `core ${core}`,
    allowed: `cores ${topology.map((place) => place.core).join(',')}`,
    remedy: 'Name cores of this host with --cores; lscpu -e lists them.',
  });
}
