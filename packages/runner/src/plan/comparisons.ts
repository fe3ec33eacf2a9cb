import {
  canonicalJson,
  cores,
  EnvironmentError,
  type Experiment,
  type LoadSpecification,
  type Plan,
  type PlannedComparison,
  type Sizes,
} from '@photofinish/schema';
import { findWorkload } from '@photofinish/workloads';
import { type CoreSeats, grantCores, mostCores } from './cores.ts';
import { followClaims, type Successors } from './split-claims.ts';
import { type Expansion, expandComparisons, type LevelledComparison } from './sweep.ts';

/** What the comparisons of an experiment become on given cores. */
export interface ResolvedComparisons {
  readonly comparisons: PlannedComparison[];
  /** Those the host cannot hold, with the reason. */
  readonly leftOut: Plan['leftOut'];
  /** The experiment's claims, each about the comparisons as they are named now. */
  readonly claims: Experiment['claims'];
}

/**
 * Resolves every comparison of an experiment at its levels. With `sweepCores` comparisons that become equal but for their name are made once,
 * under the name of the first. Throws `EnvironmentError` `E_CORES_TOO_FEW` where none can be held.
 */
export function resolveComparisons(experiment: Experiment, seats: CoreSeats, sweepCores: boolean): ResolvedComparisons {
  const most = mostCores(seats);
  const expansions = expandComparisons(experiment.comparisons, most, sweepCores);
  const levels = expansions.flatMap((expansion) => expansion.levels);
  const largest = Math.max(0, ...levels.map(({ cores: wanted }) => (wanted === 'all' ? most : wanted)).filter(held));
  const resolved = levels.map((level) => resolveComparison(experiment, level, seats, largest));
  const leftOut = resolved.filter((comparison) => 'reason' in comparison);
  const found = resolved.filter((comparison) => 'targetCores' in comparison);
  requireSome(experiment, found, leftOut, seats);
  const twins = sweepCores ? firstTwins(found) : new Map<string, string>();
  const nameOf = (id: string) => twins.get(id) ?? id;
  const successors = new Map(
    expansions.map((expansion) => [expansion.definition.id, followed(expansion, most, nameOf)]),
  );
  return {
    comparisons: found.filter(({ id }) => nameOf(id) === id),
    leftOut,
    claims: followClaims(experiment.claims, successors),
  };

  function held(count: number): boolean {
    return count <= seats.order.length;
  }
}

/** For each comparison that equals an earlier one in all but name and title, the name of the earlier. */
function firstTwins(comparisons: readonly PlannedComparison[]): Map<string, string> {
  const groups = Map.groupBy(comparisons, ({ id: _id, title: _title, ...rest }) => canonicalJson(rest));
  return new Map(
    [...groups.values()].flatMap(([first, ...rest]) => rest.map(({ id }) => [id, first?.id ?? id] as const)),
  );
}

function followed({ definition, levels }: Expansion, most: number, nameOf: (id: string) => string): Successors {
  const [first, ...rest] = levels.map(({ id }) => nameOf(id));
  const wanted = definition.cores === 'all' ? most : definition.cores;
  const own = levels.length === 1 ? levels[0] : levels.find(({ cores: count }) => count === wanted);
  return { all: [first ?? definition.id, ...rest], own: own === undefined ? null : nameOf(own.id) };
}

function requireSome(
  experiment: Experiment,
  found: readonly PlannedComparison[],
  leftOut: Plan['leftOut'],
  { order }: CoreSeats,
): void {
  if (found.length > 0) return;
  throw new EnvironmentError('E_CORES_TOO_FEW', {
    what: `No comparison of ${experiment.id} fits on the cores granted.`,
    given: leftOut.map(({ comparisonId, reason }) => `${comparisonId}: ${reason}`).join('\n'),
    remedy: `Grant more cores than ${order.join(',')} with --cores, or measure on a larger host.`,
  });
}

function resolveComparison(
  experiment: Experiment,
  definition: LevelledComparison,
  seats: CoreSeats,
  largest: number,
): PlannedComparison | Plan['leftOut'][number] {
  const grant = grantCores(seats, definition.cores, largest);
  if (typeof grant === 'string') return { comparisonId: definition.id, reason: grant };
  const workload = findWorkload(definition.workload.id);
  const { parameters } = definition.workload;
  return {
    id: definition.id,
    title: definition.title,
    workload: {
      id: workload.id,
      version: workload.version,
      kind: workload.kind,
      parameters,
      path: workload.request(parameters).path,
      expected: workload.expected(parameters),
      waitSeconds: workload.waitSeconds(parameters),
    },
    ...grant,
    sizes: resolveSizes(experiment.sizes, grant.targetCores.length),
    load: resolveLoad(definition, grant.targetCores.length),
    metrics: definition.metrics,
  };
}

function resolveSizes(sizes: Sizes, granted: number): PlannedComparison['sizes'] {
  return { threads: sizes.threads, cpuPool: sizes.cpuPool === 'cores' ? cores(granted) : sizes.cpuPool };
}

function resolveLoad(definition: LevelledComparison, granted: number): LoadSpecification {
  const { load, connectionsPerCore } = definition;
  if (connectionsPerCore === undefined) return load;
  const connections = connectionsPerCore * granted;
  const minimumResponses = Math.max(load.warmup.minimumResponses, connections);
  return { ...load, arrivals: { ...load.arrivals, connections }, warmup: { ...load.warmup, minimumResponses } };
}
