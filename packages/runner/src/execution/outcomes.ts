import type { Plan, TrialRecord, TrialState } from '@photofinish/schema';

/** States after which a trial is not attempted again. An `invalid` one is final only when its budget is spent, an `interrupted` one never. */
const finalStates: ReadonlySet<TrialState> = new Set<TrialState>(['ok', 'failed', 'skipped', 'not-run']);

/** What is known of a plan's trials so far: made from records, extended by each new one. */
export class Outcomes {
  private readonly records = new Map<string, TrialRecord[]>();
  private readonly budget: number;

  constructor(plan: Plan, records: readonly TrialRecord[]) {
    this.budget = plan.experiment.retryBudget;
    for (const record of records) this.add(record);
  }

  add(record: TrialRecord): void {
    this.records.set(record.trialId, [...this.of(record.trialId), record]);
  }

  /** Attempts at a trial, oldest first. */
  of(trialId: string): readonly TrialRecord[] {
    return [...(this.records.get(trialId) ?? [])].sort((a, b) => a.attempt - b.attempt);
  }

  /**
   * Whether a trial needs no further attempt. `failed` is confirmed by one repetition; `invalid` is repeated within the budget of the
   * experiment; every attempt is kept.
   */
  isFinal(trialId: string): boolean {
    const attempts = this.of(trialId);
    const last = attempts.at(-1);
    if (last === undefined) return false;
    if (last.state === 'failed') return attempts.filter((attempt) => attempt.state === 'failed').length >= 2;
    if (last.state === 'invalid') return attempts.filter((attempt) => attempt.state === 'invalid').length > this.budget;
    return finalStates.has(last.state);
  }

  /** Targets that failed twice in a row: they are not measured again in this run. */
  quarantined(): Set<string> {
    const targets = new Set<string>();
    for (const attempts of this.records.values()) {
      const [last, before] = [attempts.at(-1), attempts.at(-2)];
      if (last?.state === 'failed' && before?.state === 'failed') targets.add(last.targetId);
    }
    return targets;
  }
}
