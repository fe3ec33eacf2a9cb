import type { PlannedComparison, TopologyCore } from '@photofinish/schema';
import { type PhysicalCore, physicalCores } from './topology.ts';

/** Which cores a comparison gives to whom. */
export type CoreGrant = Pick<
  PlannedComparison,
  | 'targetCores'
  | 'targetPhysicalCores'
  | 'generatorCores'
  | 'helperCores'
  | 'harnessCores'
  | 'idleCores'
  | 'sharesCores'
  | 'sharesPhysicalCores'
>;

/** The granted cores in the order in which they are given away; the same for every comparison of a plan, so that its levels contain each other. */
export interface CoreSeats {
  /**
   * Order in which a target is given cores: one thread of each physical core, then the SMT siblings of those, then the siblings of the
   * generator's cores, and the generator's own last of all.
   */
  readonly order: readonly number[];
  /** Physical cores set apart for the target, in that order. */
  readonly targetSide: readonly PhysicalCore[];
  /** Cores of the generator: of this host, or of its own. */
  readonly generatorCores: readonly number[];
  /** Physical core of each granted core of this host. */
  readonly physicalOf: ReadonlyMap<number, PhysicalCore>;
  /** Cores of the generator's own host; null where it shares the target's. */
  readonly loadCores: readonly number[] | null;
}

/**
 * Physical cores that one core of the generator is set against. Native generators spend 13 to 18 microseconds on a request (wrk, h2load and an
 * epoll loop, measured on one core): a core sends 55,000 to 75,000 per second, and the saturation guards catch what that is too little for.
 */
const coresPerGenerator = 16;

/**
 * Seats for a plan. On one host the generator has a physical core of its own wherever there are two, one for every 16, an isolated one where that
 * leaves the target one as well, otherwise the last ones of the smallest node. On a host of its own it has all cores there but one, and the
 * target has all of these. Throws `EnvironmentError` for granted cores this host does not have.
 */
export function seatCores(
  topology: readonly TopologyCore[],
  granted: readonly number[],
  loadCores: readonly number[] | null,
): CoreSeats {
  const physical = physicalCores(topology, granted);
  const physicalOf = new Map(physical.flatMap((one) => one.threads.map((thread) => [thread, one] as const)));
  if (loadCores !== null) {
    const generatorCores = loadCores.length > 1 ? loadCores.slice(0, -1) : loadCores;
    return { order: threadsOf(physical), targetSide: physical, generatorCores, physicalOf, loadCores };
  }
  const generatorSide = generatorOf(physical);
  const targetSide = physical.filter((one) => !generatorSide.includes(one));
  const generatorCores = generatorSide.flatMap(({ threads }) => threads.slice(-1)).toSorted((a, b) => a - b);
  const siblings = threadsOf(generatorSide).filter((core) => !generatorCores.includes(core));
  const order = [...threadsOf(targetSide), ...siblings, ...generatorCores];
  return { order, targetSide, generatorCores, physicalOf, loadCores };
}

function generatorOf(physical: readonly PhysicalCore[]): readonly PhysicalCore[] {
  const wanted = Math.ceil(physical.length / coresPerGenerator);
  const isolated = physical.filter(({ isIsolated }) => isIsolated);
  return (isolated.length > wanted ? isolated : physical).slice(-wanted);
}

/** The threads of some physical cores, first threads first. */
function threadsOf(physical: readonly PhysicalCore[]): number[] {
  const most = Math.max(0, ...physical.map(({ threads }) => threads.length));
  return Array.from({ length: most }, (_, index) => index).flatMap((index) =>
    physical.flatMap(({ threads }) => threads[index] ?? []),
  );
}

/**
 * The number of cores that `all` stands for: every whole physical core beside the generator's, siblings left idle. Where that is fewer than two:
 * the threads beside the generator's core, then all threads but the generator's, then all of them, one shared. 1 where there is but one.
 */
export function mostCores({ order, targetSide, generatorCores, loadCores }: CoreSeats): number {
  const apart = order.length - (loadCores === null ? generatorCores.length : 0);
  const levels = [targetSide.length, threadsOf(targetSide).length, apart, order.length];
  return levels.find((count) => count >= 2) ?? order.length;
}

/**
 * Divides the granted cores for one comparison. `largest` is the largest number of cores a comparison of the plan gives its target: helpers and
 * harness have what even that one leaves over, so that they stay where they are from level to level, and the generator's cores where nothing is
 * left. Returns the reason as text where the host cannot hold the comparison.
 */
export function grantCores(seats: CoreSeats, wanted: number | 'all', largest: number): CoreGrant | string {
  const { order, generatorCores, loadCores, physicalOf } = seats;
  if (order.length === 0) return 'no core is granted';
  if (wanted === 'all' && order.length < 2) return 'one core is granted; scaling needs at least two';
  const count = wanted === 'all' ? mostCores(seats) : wanted;
  if (count > order.length) return `${count} cores are wanted, ${order.length} are granted`;
  const targetCores = order.slice(0, count).toSorted((a, b) => a - b);
  const own = new Set(targetCores.map((core) => physicalOf.get(core)));
  const sides = { generatorCores: [...generatorCores], ...sideSeats(seats, Math.max(count, largest)) };
  const sameHost = loadCores === null;
  const busy = new Set([...targetCores, ...(sameHost ? Object.values(sides).flat() : [])]);
  return {
    targetCores,
    targetPhysicalCores: own.size,
    ...sides,
    idleCores: order.filter((core) => !busy.has(core)).toSorted((a, b) => a - b),
    sharesCores: sameHost && targetCores.some((core) => generatorCores.includes(core)),
    sharesPhysicalCores: sameHost && generatorCores.some((core) => own.has(physicalOf.get(core))),
  };
}

/** Cores of helpers and harness: the last whole physical cores that the largest target leaves over, one thread each. */
function sideSeats(
  { targetSide, generatorCores, loadCores }: CoreSeats,
  largest: number,
): Pick<CoreGrant, 'helperCores' | 'harnessCores'> {
  const left = loadCores === null ? targetSide.slice(largest).map(({ threads }) => threads[0]) : loadCores.slice(-1);
  const harness = left.at(-1);
  const helper = left.at(-2) ?? harness;
  return {
    helperCores: helper === undefined ? [...generatorCores] : [helper],
    harnessCores: harness === undefined ? [...generatorCores] : [harness],
  };
}
