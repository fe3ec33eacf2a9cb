import { canonicalJson, type Plan, type PlannedComparison } from '@photofinish/schema';

/** Comparisons that differ in the number of cores, by ascending number: at least one. */
export type CoreLevels = readonly [PlannedComparison, ...PlannedComparison[]];

/**
 * The comparisons of a plan by what they ask: those of the same workload and parameters, at different numbers of cores. Where a workload comes more
 * than once at a number of cores (under several loads), the levels of each are told by the name they were split from.
 */
export function coreLevels({ comparisons }: Pick<Plan, 'comparisons'>): readonly CoreLevels[] {
  const workloads = Map.groupBy(comparisons, ({ workload }) => canonicalJson([workload.id, workload.parameters]));
  const families = [...workloads.values()].flatMap((group) =>
    new Set(group.map(coresOf)).size === group.length ? [group] : [...Map.groupBy(group, nameOf).values()],
  );
  return families.flatMap((family): CoreLevels[] => {
    const [first, ...rest] = family.toSorted((a, b) => coresOf(a) - coresOf(b));
    return first === undefined ? [] : [[first, ...rest]];
  });
}

function coresOf({ targetCores }: PlannedComparison): number {
  return targetCores.length;
}

/** The name without the number of cores that a sweep adds to it. */
function nameOf(comparison: PlannedComparison): string {
  const suffix = `-${coresOf(comparison)}`;
  return comparison.id.endsWith(suffix) ? comparison.id.slice(0, -suffix.length) : comparison.id;
}
