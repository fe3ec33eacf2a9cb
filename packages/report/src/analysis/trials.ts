import type { OkTrial, Plan, PlannedBlock, PlannedTrial, TrialRecord } from '@photofinish/schema';

/** A planned trial with everything that happened to it. */
export interface TrialHistory {
  readonly block: PlannedBlock;
  readonly trial: PlannedTrial;
  /** Every attempt, in order; empty when the run never reached it or its records are lost. */
  readonly attempts: readonly TrialRecord[];
  /** The attempt that counts: the highest that was not cut off; the cut-off one where there is no other; null without a record. */
  readonly final: TrialRecord | null;
  /** Whether nothing is left to do: neither missing, nor cut off, nor `invalid` with attempts left in the budget. */
  readonly isSettled: boolean;
}

/** The histories of all planned trials, in the order of the plan. */
export function historiesOf(plan: Plan, records: readonly TrialRecord[]): TrialHistory[] {
  const attemptsOf = Map.groupBy(records, (record) => record.trialId);
  return plan.blocks.flatMap((block) =>
    block.trials.map((trial): TrialHistory => {
      const attempts = (attemptsOf.get(trial.trialId) ?? []).toSorted((a, b) => a.attempt - b.attempt);
      return {
        block,
        trial,
        attempts,
        final: attempts.findLast(({ state }) => state !== 'interrupted') ?? attempts.at(-1) ?? null,
        isSettled: isSettled(attempts, plan.experiment.retryBudget),
      };
    }),
  );
}

/** The histories of one comparison, in the order of the plan. */
export function historiesIn(histories: readonly TrialHistory[], comparisonId: string): TrialHistory[] {
  return histories.filter(({ block }) => block.comparisonId === comparisonId);
}

/** The final record of a trial where it is `ok`, the only state that enters a comparison; null otherwise. */
export function okRecord(history: TrialHistory | undefined): OkTrial | null {
  return history?.final?.state === 'ok' ? history.final : null;
}

function isSettled(attempts: readonly TrialRecord[], retryBudget: number): boolean {
  const last = attempts.at(-1);
  switch (last?.state) {
    case undefined:
    case 'interrupted':
      return false;
    case 'invalid':
      return attempts.filter(({ state }) => state === 'invalid').length > retryBudget;
    case 'not-run':
    case 'skipped':
      return last.cause !== 'not-reached';
    case 'ok':
    case 'failed':
      return true;
  }
}
