import { causeTexts, type Plan, type PlannedComparison, type TargetId } from '@photofinish/schema';
import type { TrialHistory } from '../trials.ts';

/** What claims are judged from. */
export interface ClaimSubject {
  readonly plan: Plan;
  readonly histories: readonly TrialHistory[];
}

/** A planned comparison, or in words why there is none. */
export function comparisonFor({ plan }: ClaimSubject, comparisonId: string): PlannedComparison | string {
  const comparison = plan.comparisons.find(({ id }) => id === comparisonId);
  if (comparison !== undefined) return comparison;
  const leftOut = plan.leftOut.find((entry) => entry.comparisonId === comparisonId);
  return `the comparison ${comparisonId} was left out: ${leftOut?.reason ?? 'it is not in the plan'}`;
}

/** Fewest trials or pairs a claim is judged on. */
export function fewestFor({ plan }: ClaimSubject): number {
  return Math.max(2, plan.minimumBlocks);
}

/** Why a target has too little to be judged on, as a phrase that follows its name. */
export function whyMissing({ plan }: ClaimSubject, targetId: TargetId, found: number, fewest: number): string {
  const target = plan.targets.find((planned) => planned.targetId === targetId);
  if (target === undefined) return 'was not asked for in this run';
  if (target.absence !== null)
    return `was not measured: ${causeTexts[target.absence.cause]} (remedy: ${target.absence.remedy})`;
  return `has ${found} valid of at least ${fewest} needed`;
}
