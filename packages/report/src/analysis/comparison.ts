import {
  type AnalysedComparison,
  type Plan,
  type PlannedComparison,
  type PlannedTarget,
  ResultsError,
} from '@photofinish/schema';
import { aliasToleranceOf, judgeAlias } from './alias.ts';
import { absentCellOf, cellOf } from './cell.ts';
import { descriptionOf } from './description.ts';
import type { Side } from './gates.ts';
import { type MemoryBasis, memoryBasisOf } from './metric.ts';
import { pairWithItself } from './pairs.ts';
import { speedAdjustmentOf } from './speed/adjustment.ts';
import { historiesIn, okRecord, type TrialHistory } from './trials.ts';
import { type JudgingTerms, verdictsOf } from './verdicts.ts';

/** Analyses one comparison: cells with estimates, the A/A alias, and the verdicts on its declared metrics. */
export function analyseComparison(
  plan: Plan,
  comparison: PlannedComparison,
  all: readonly TrialHistory[],
  terms: JudgingTerms,
): AnalysedComparison {
  const histories = historiesIn(all, comparison.id);
  const basis = memoryBasisOf(histories.flatMap((history) => okRecord(history) ?? []));
  const sides = plan.targets.map((target): Side => ({ target, histories: trialsOf(histories, target, 'target') }));
  const baseline = baselineOf(plan, sides);
  const judged = comparison.metrics.map((metric) => {
    const reading = { metric: metric.metric, basis };
    const alias = judgeAlias(metric.metric, pairWithItself(histories, reading), aliasToleranceOf(metric.margin, terms));
    const family = { comparison, judged: metric, reading, histories, baseline, targets: sides, alias };
    return { alias, verdicts: verdictsOf(family, terms) };
  });
  return {
    id: comparison.id,
    title: comparison.title,
    description: descriptionOf(comparison, basis),
    workloadId: comparison.workload.id,
    workloadKind: comparison.workload.kind,
    cores: comparison.targetCores.length,
    sharesCores: comparison.sharesCores,
    connections: comparison.load.arrivals.connections,
    baseline: plan.baseline,
    cells: cellsOf(plan, histories, sides, basis),
    alias: judged.map(({ alias }) => alias),
    speedAdjustment: speedAdjustmentOf(comparison, histories, plan.baseline),
    verdicts: judged.flatMap(({ verdicts }) => verdicts),
  };
}

function baselineOf(plan: Plan, sides: readonly Side[]): Side {
  const baseline = sides.find(({ target }) => target.targetId === plan.baseline);
  if (baseline !== undefined) return baseline;
  throw new ResultsError('E_PLAN_DAMAGED', {
    what: `The plan divides by ${plan.baseline}, which is not among its targets.`,
    given: plan.baseline,
    allowed: plan.targets.map(({ targetId }) => targetId).join(', '),
    remedy: 'Make the plan anew and measure again.',
  });
}

function cellsOf(
  plan: Plan,
  histories: readonly TrialHistory[],
  sides: readonly Side[],
  basis: MemoryBasis,
): AnalysedComparison['cells'] {
  const targets = sides.map(({ target, histories: trials }) =>
    target.absence === null
      ? cellOf(target.targetId, 'target', trials, basis)
      : absentCellOf(target, target.absence.cause, plan.replicates),
  );
  const aliases = plan.targets.flatMap((target) => {
    const trials = trialsOf(histories, target, 'alias');
    return trials.length === 0 ? [] : [cellOf(target.targetId, 'alias', trials, basis)];
  });
  return [...targets, ...aliases];
}

function trialsOf(histories: readonly TrialHistory[], { targetId }: PlannedTarget, role: 'target' | 'alias') {
  return histories.filter(({ trial }) => trial.targetId === targetId && trial.role === role);
}
