import type {
  CoreSweep,
  OpenInterval,
  Plan,
  PlannedComparison,
  ScalabilityLaw,
  SweepLevel,
  TargetId,
} from '@photofinish/schema';
import {
  capacityRatio,
  fitScalability,
  type Interval,
  type PeakCores,
  type ScalabilityFit,
  type ScalabilityRefusal,
  type ScalingPoint,
} from '@photofinish/stats';
import { type CoreLevels, coreLevels } from './levels.ts';
import { speedupOf, throughputs } from './scaling.ts';
import type { TrialHistory } from './trials.ts';

/** From this number of levels on a workload is shown as a sweep, with a curve in place of single ratios. */
const fewestLevels = 3;

/** Whether a level differs from the others in its number of cores alone: whole physical ones, none of them shared with the generator. */
function isWhole({ targetCores, targetPhysicalCores, sharesPhysicalCores }: PlannedComparison): boolean {
  return targetPhysicalCores === targetCores.length && !sharesPhysicalCores;
}

/**
 * Every target of every workload that was measured on three numbers of cores or more, with the scalability law fitted to its replicates. Levels on SMT
 * siblings or on cores shared with the generator are shown and not fitted: there more than the number of cores changes.
 */
export function sweepsOf(plan: Plan, histories: readonly TrialHistory[]): CoreSweep[] {
  return coreLevels(plan)
    .filter((levels) => levels.length >= fewestLevels)
    .flatMap((levels) => plan.targets.map(({ targetId }) => sweepOf(levels, targetId, histories)));
}

function sweepOf(levels: CoreLevels, targetId: TargetId, histories: readonly TrialHistory[]): CoreSweep {
  const [first] = levels;
  const replicates = replicatesOf(levels.filter(isWhole), targetId, histories);
  const fit: ScalabilityFit | ScalabilityRefusal =
    replicates.length === 0
      ? { kind: 'refused', reason: 'it has no valid trial at any number of cores' }
      : fitScalability(replicates);
  return {
    id: first.id,
    workloadId: first.workload.id,
    targetId,
    levels: levels.map((level): SweepLevel => {
      const found = speedupOf(first, level, targetId, histories);
      const isFirst = level === first;
      return {
        comparisonId: level.id,
        cores: level.targetCores.length,
        pairs: found?.pairs ?? 0,
        speedup: found?.speedup ?? null,
        // Its ratio to itself is 1 without any doubt.
        interval: isFirst ? null : (found?.interval ?? null),
        efficiency: found?.efficiency ?? null,
        ...(isWhole(level) ? fittedAt(fit, level.targetCores.length, first.targetCores.length) : unfitted),
      };
    }),
    law: lawOf(fit),
  };
}

/** Throughput of a target on all levels, by replicate. */
function replicatesOf(
  levels: readonly PlannedComparison[],
  targetId: TargetId,
  histories: readonly TrialHistory[],
): readonly ScalingPoint[][] {
  const points = levels.flatMap((level) =>
    [...throughputs(level, targetId, histories)].map(([replicate, throughput]) => ({
      replicate,
      point: { cores: level.targetCores.length, throughput },
    })),
  );
  const byReplicate = [...Map.groupBy(points, ({ replicate }) => replicate)].toSorted(([a], [b]) => a - b);
  return byReplicate.map(([, ofReplicate]) => ofReplicate.map(({ point }) => point));
}

const unfitted = { fitted: null, residual: null } as const;

/** The law as a speedup over the throughput measured on the fewest cores, which the law itself need not meet exactly. */
function fittedAt(
  fit: ScalabilityFit | ScalabilityRefusal,
  cores: number,
  fewest: number,
): Pick<SweepLevel, 'fitted' | 'residual'> {
  if (fit.kind === 'refused') return unfitted;
  const residualOn = (count: number) => fit.levels.find((level) => level.cores === count)?.residual;
  const foot = capacityRatio(fewest, shape(fit)) * (1 + (residualOn(fewest) ?? 0));
  return { fitted: capacityRatio(cores, shape(fit)) / foot, residual: residualOn(cores) ?? null };
}

function shape({ alpha, beta }: ScalabilityFit) {
  return { alpha: alpha.value, beta: beta.value };
}

function lawOf(fit: ScalabilityFit | ScalabilityRefusal): ScalabilityLaw {
  if (fit.kind === 'refused') return { outcome: 'refused', reason: fit.reason };
  const { replicates, lambda, alpha, beta, peak } = fit;
  return {
    outcome: 'fitted',
    replicates,
    lambda,
    alpha: { value: alpha.value, interval: openInterval(alpha.interval) },
    beta: { value: beta.value, interval: openInterval(beta.interval) },
    peakCores: { value: peak.value, interval: openInterval(peak.interval) },
  };
}

/** JSON has no infinity: an upper bound beyond every number is null. */
function openInterval(interval: Interval | PeakCores['interval']): OpenInterval | null {
  if (interval === null) return null;
  const { lower, upper, level } = interval;
  return { lower, upper: upper !== null && Number.isFinite(upper) ? upper : null, level };
}
