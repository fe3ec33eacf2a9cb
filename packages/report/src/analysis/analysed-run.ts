import { type Environment, type Plan, ResultsError, type TrialRecord } from '@photofinish/schema';

/** What an analysis is made from: the files of one run, read and checked. */
export interface AnalysedRun {
  readonly plan: Plan;
  readonly environment: Environment;
  /** Every attempt, in any order. */
  readonly records: readonly TrialRecord[];
}

/**
 * Refuses records that are not of this plan and run, and two records of one attempt: trials of different hosts or loads are never compared.
 * Throws `ResultsError` `E_FOREIGN_RECORD` or `E_DOUBLE_RECORD`.
 */
export function requireOneRun({ plan, environment, records }: AnalysedRun): void {
  const planned = new Map(
    plan.blocks.flatMap((block) => block.trials.map((trial) => [trial.trialId, { ...trial, block }] as const)),
  );
  const seen = new Set<string>();
  for (const record of records) {
    const trial = planned.get(record.trialId);
    const isOfPlan =
      trial !== undefined &&
      record.planHash === plan.hash &&
      record.runId === environment.runId &&
      record.cellId === trial.cellId &&
      record.targetId === trial.targetId &&
      record.role === trial.role &&
      record.blockId === trial.block.blockId;
    if (!isOfPlan) throw foreign(record, environment.runId);
    const attempt = `${record.trialId} ${record.attempt}`;
    if (seen.has(attempt)) throw doubled(record);
    seen.add(attempt);
  }
}

function foreign(record: TrialRecord, runId: string): ResultsError {
  return new ResultsError('E_FOREIGN_RECORD', {
    what: `The record of ${record.trialId}, attempt ${record.attempt}, is not of the plan and run it was found in.`,
    where: `run ${runId}`,
    given: `${record.targetId} (${record.role}) of run ${record.runId}, cell ${record.cellId}`,
    remedy: 'Move the record to the run it belongs to, or measure again.',
  });
}

function doubled(record: TrialRecord): ResultsError {
  return new ResultsError('E_DOUBLE_RECORD', {
    what: `There are two records of ${record.trialId}, attempt ${record.attempt}.`,
    where: `run ${record.runId}`,
    remedy: 'Keep the one whose digest the journal names.',
  });
}
