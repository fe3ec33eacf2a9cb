import type { BlockId, Digest, Plan, PlannedBlock, TrialId, TrialState } from '@photofinish/schema';
import type { JournalEntry } from './journal/entry.ts';

/** An attempt by trial and number. */
export interface AttemptName {
  readonly trialId: TrialId;
  readonly attempt: number;
}

interface Begun extends AttemptName {
  /** Which boot wrote its first line. */
  readonly boot: Digest;
}

/** An attempt whose end is not written. */
export interface OpenAttempt extends Begun {
  readonly progress: 'open';
}

/** An attempt whose files are on the disk with these digests. */
export interface FinishedAttempt extends Begun {
  readonly progress: 'finished';
  readonly state: TrialState;
  readonly sequence: number;
  readonly record: Digest;
  readonly histograms: Digest | null;
  /** Whether its block was begun again after it, so that it no longer counts. */
  readonly superseded: boolean;
}

/** An attempt whose files were moved away because they were not what was written. */
export interface QuarantinedAttempt extends Begun {
  readonly progress: 'quarantined';
  readonly reason: string;
}

/** What the journal says of one attempt. */
export type LedgerAttempt = OpenAttempt | FinishedAttempt | QuarantinedAttempt;

/** States that are written down without a start. */
const isAbsent = (state: TrialState) => state === 'skipped' || state === 'not-run';

/**
 * The state of a run as its journal tells it, line by line. Writer and reader keep the same ledger by the same rules, so that a line the writer
 * lets through is one the reader believes.
 */
export class Ledger {
  readonly #plan: Plan;
  readonly #blockOf: ReadonlyMap<TrialId, PlannedBlock>;
  readonly #attempts = new Map<TrialId, Map<number, LedgerAttempt>>();
  #lines = 0;
  #nextSequence = 0;
  #ended = false;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#blockOf = new Map(
      plan.blocks.flatMap((block) => block.trials.map((trial) => [trial.trialId, block] as const)),
    );
  }

  /** What forbids this entry as the next one; null when nothing does. */
  complaint(entry: JournalEntry): string | null {
    if ((entry.event === 'run_started') !== (this.#lines === 0)) return 'a journal begins with run_started, once';
    if (this.#ended && entry.event !== 'run_resumed') return 'only run_resumed follows run_finished';
    switch (entry.event) {
      case 'attempt_started':
        return this.#complaintOfStart(entry.payload);
      case 'attempt_finished':
        return this.#complaintOfEnd(entry.payload);
      case 'attempt_quarantined':
        return this.find(entry.payload)?.progress === 'finished' ? null : `${named(entry.payload)} was not finished`;
      case 'block_repeated':
        return this.#plan.blocks.some((block) => block.blockId === entry.payload.blockId)
          ? null
          : `block ${entry.payload.blockId} is not in the plan`;
      case 'run_finished':
        return this.open().length === 0 ? null : 'an attempt is still open';
      default:
        return null;
    }
  }

  /** Takes an entry in. Call only where `complaint` had none. */
  admit(entry: JournalEntry, boot: Digest): void {
    this.#lines += 1;
    if (entry.event === 'attempt_started') {
      this.#set({ ...entry.payload, boot, progress: 'open' });
    } else if (entry.event === 'attempt_finished') {
      const began = this.find(entry.payload)?.boot ?? boot;
      this.#set({ ...entry.payload, boot: began, progress: 'finished', superseded: false });
      this.#nextSequence = entry.payload.sequence + 1;
    } else if (entry.event === 'attempt_quarantined') {
      const { trialId, attempt, reason } = entry.payload;
      this.#set({ trialId, attempt, boot: this.find(entry.payload)?.boot ?? boot, progress: 'quarantined', reason });
    } else if (entry.event === 'block_repeated') {
      for (const attempt of this.#measuredIn(entry.payload.blockId)) this.#set({ ...attempt, superseded: true });
    } else if (entry.event === 'run_finished' || entry.event === 'run_resumed') {
      this.#ended = entry.event === 'run_finished';
    }
  }

  /** What is known of an attempt. */
  find({ trialId, attempt }: AttemptName): LedgerAttempt | undefined {
    return this.#attempts.get(trialId)?.get(attempt);
  }

  /** Every attempt, by trial in the order of their first lines. */
  all(): LedgerAttempt[] {
    return [...this.#attempts.values()].flatMap((attempts) => [...attempts.values()]);
  }

  /** Attempts begun whose end is not written. */
  open(): OpenAttempt[] {
    return this.all().filter((attempt) => attempt.progress === 'open');
  }

  /** Attempts whose files were moved away. */
  quarantined(): QuarantinedAttempt[] {
    return this.all().filter((attempt) => attempt.progress === 'quarantined');
  }

  /** Finished attempts, those that no longer count included. */
  finished(): FinishedAttempt[] {
    return this.all().filter((attempt) => attempt.progress === 'finished');
  }

  /** Finished attempts that count. */
  standing(): FinishedAttempt[] {
    return this.finished().filter((attempt) => !attempt.superseded);
  }

  /** The number the next attempt at a trial has; 1 for the first. */
  nextAttempt(trialId: TrialId): number {
    return 1 + Math.max(0, ...(this.#attempts.get(trialId)?.keys() ?? []));
  }

  /** Position in the run that the next record has. */
  get nextSequence(): number {
    return this.#nextSequence;
  }

  /** Whether the last line of a whole run has been read. */
  get ended(): boolean {
    return this.#ended;
  }

  /** How a trial ended: the state of its last attempt that counts; null while it has none, was interrupted or waits for another attempt. */
  finalState(trialId: TrialId): TrialState | null {
    const attempts = [...(this.#attempts.get(trialId)?.values() ?? [])];
    const last = attempts.sort((a, b) => b.attempt - a.attempt)[0];
    if (last?.progress !== 'finished' || last.superseded || last.state === 'interrupted') return null;
    return last.state;
  }

  /** Planned trials without an end, in the order of the plan. */
  missing(): TrialId[] {
    return [...this.#blockOf.keys()].filter((trialId) => this.finalState(trialId) === null);
  }

  /**
   * Blocks begun on another boot and not brought to their end: their pairs would be of two machines' states, so they are repeated whole
   * (Photofinish reliability notes, section 5).
   */
  blocksOfAnotherBoot(boot: Digest): BlockId[] {
    return this.#plan.blocks
      .filter((block) => block.trials.some(({ trialId }) => this.#mayGoOn(trialId)))
      .filter((block) => this.#measuredIn(block.blockId).some((attempt) => attempt.boot !== boot))
      .map((block) => block.blockId);
  }

  /** Whether the runner may still repeat a trial: `failed` is confirmed once, `invalid` is repeated within the budget. */
  #mayGoOn(trialId: TrialId): boolean {
    const state = this.finalState(trialId);
    if (state !== 'invalid' && state !== 'failed') return state === null;
    const alike = this.standing().filter((attempt) => attempt.trialId === trialId && attempt.state === state).length;
    return state === 'failed' ? alike < 2 : alike <= this.#plan.experiment.retryBudget;
  }

  #complaintOfStart(name: AttemptName): string | null {
    if (!this.#blockOf.has(name.trialId)) return `trial ${name.trialId} is not in the plan`;
    const due = this.nextAttempt(name.trialId);
    return name.attempt === due ? null : `${named(name)} was started where attempt ${due} is due`;
  }

  #complaintOfEnd(end: AttemptName & { state: TrialState; sequence: number }): string | null {
    const known = this.find(end);
    if (known && known.progress !== 'open') return `${named(end)} ended twice`;
    if (!known && !isAbsent(end.state)) return `${named(end)} ended without having been started`;
    if (end.sequence !== this.#nextSequence) {
      return `record ${end.sequence} was written where record ${this.#nextSequence} is due`;
    }
    return known ? null : this.#complaintOfStart(end);
  }

  #measuredIn(blockId: BlockId): FinishedAttempt[] {
    return this.standing().filter(
      ({ trialId, state }) =>
        this.#blockOf.get(trialId)?.blockId === blockId && !isAbsent(state) && state !== 'interrupted',
    );
  }

  #set(attempt: LedgerAttempt): void {
    const attempts = this.#attempts.get(attempt.trialId) ?? new Map<number, LedgerAttempt>();
    attempts.set(attempt.attempt, attempt);
    this.#attempts.set(attempt.trialId, attempts);
  }
}

const named = ({ trialId, attempt }: AttemptName) => `attempt ${attempt} at ${trialId}`;
