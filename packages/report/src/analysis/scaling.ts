import type { Plan, PlannedComparison, Scaling, TargetId } from '@photofinish/schema';
import { type ScalingPair, type Speedup, speedup } from '@photofinish/stats';
import { coreLevels } from './levels.ts';
import { metricValue } from './metric.ts';
import { historiesIn, okRecord, type TrialHistory } from './trials.ts';

/**
 * Throughput at more cores over throughput at fewer, for every target and every two comparisons of the same workload and parameters: from the
 * smallest number of cores to each larger one. Targets that were not measured have no pairs.
 */
export function scalingOf(plan: Plan, histories: readonly TrialHistory[]): Scaling[] {
  return coreLevels(plan).flatMap(([from, ...larger]) =>
    larger
      .filter(({ targetCores }) => targetCores.length > from.targetCores.length)
      .flatMap((to) => plan.targets.map(({ targetId }) => scalingOfTarget(from, to, targetId, histories))),
  );
}

function scalingOfTarget(
  from: PlannedComparison,
  to: PlannedComparison,
  targetId: TargetId,
  histories: readonly TrialHistory[],
): Scaling {
  const found = speedupOf(from, to, targetId, histories);
  return {
    workloadId: from.workload.id,
    targetId,
    from: from.id,
    to: to.id,
    fromCores: from.targetCores.length,
    toCores: to.targetCores.length,
    pairs: found?.pairs ?? 0,
    speedup: found?.speedup ?? null,
    interval: found?.interval ?? null,
    efficiency: found?.efficiency ?? null,
  };
}

/** Speedup of one target between two comparisons, paired by replicate. Null where no replicate has both. */
export function speedupOf(
  from: PlannedComparison,
  to: PlannedComparison,
  targetId: TargetId,
  histories: readonly TrialHistory[],
): Speedup | null {
  const fewer = throughputs(from, targetId, histories);
  const more = throughputs(to, targetId, histories);
  const pairs = [...fewer]
    .toSorted(([one], [other]) => one - other)
    .flatMap(([replicate, value]): ScalingPair[] => {
      const other = more.get(replicate);
      return other === undefined ? [] : [{ fewer: value, more: other }];
    });
  return speedup(pairs, to.targetCores.length / from.targetCores.length);
}

/** Throughput by replicate, per second, of `ok` trials. */
export function throughputs(
  comparison: PlannedComparison,
  targetId: TargetId,
  histories: readonly TrialHistory[],
): Map<number, number> {
  return new Map(
    historiesIn(histories, comparison.id)
      .filter(({ trial }) => trial.targetId === targetId && trial.role === 'target')
      .flatMap((history): [number, number][] => {
        const trial = okRecord(history);
        const value = trial === null ? null : metricValue('throughput', trial, 'rss-peak');
        return value === null ? [] : [[history.block.replicate, value]];
      }),
  );
}
