import { join } from 'node:path';
import {
  canonicalJson,
  ResultsError,
  type RunId,
  type TrialHistograms,
  type TrialId,
  type TrialRecord,
} from '@photofinish/schema';
import { writeNewFile } from './atomic-file.ts';
import { finishAttempt, type TrialDraft } from './attempt.ts';
import { isDiskFull, lossError } from './disk-error.ts';
import { codeOf } from './file-system.ts';
import type { JournalEntry } from './journal/entry.ts';
import { runFiles } from './layout.ts';
import { appendEntry, demandAllowed, type OpenRun } from './open-run.ts';
import { sealRun } from './seal.ts';

/**
 * Writes one run, attempt by attempt: `attemptStarted` before a server is started, `attemptFinished` when its record is made, at the end `seal`
 * or `close`. Calls wait for each other, everything a call writes is on the disk when it returns, and nothing is written between calls, so that
 * a measured window stays quiet. Once the disk fails, every later call rejects with the same error.
 */
export class RunWriter implements AsyncDisposable {
  /** The run folder. */
  readonly folder: string;
  readonly runId: RunId;
  readonly #run: OpenRun;
  #turn: Promise<unknown> = Promise.resolve();
  #end: Error | null = null;

  constructor(run: OpenRun) {
    this.folder = run.folder;
    this.runId = run.environment.runId;
    this.#run = run;
  }

  /** The number the next attempt at a trial has; 1 for the first. Numbers are never used twice, whatever became of an attempt. */
  nextAttempt(trialId: TrialId): number {
    return this.#run.ledger.nextAttempt(trialId);
  }

  /** Position in the run that the next record has. */
  get nextSequence(): number {
    return this.#run.ledger.nextSequence;
  }

  /** Says that an attempt begins. Throws `EnvironmentLostError` when the disk is full or failed. */
  async attemptStarted(trialId: TrialId, attempt: number): Promise<void> {
    await this.#inTurn(async () => {
      const entry: JournalEntry = { event: 'attempt_started', payload: { trialId, attempt } };
      demandAllowed(this.#run, entry);
      await this.#makeFolders(trialId);
      await appendEntry(this.#run, entry);
    });
  }

  /**
   * Writes the record of an attempt and its histograms, and returns the record as written: with its position in the run and the reference to its
   * histograms. `skipped` and `not-run` need no start. Throws what `finishAttempt` throws, and `EnvironmentLostError` when the disk is full or failed.
   */
  async attemptFinished(draft: TrialDraft, histograms: TrialHistograms | null): Promise<TrialRecord> {
    return await this.#inTurn(async () => {
      const { plan, ledger, environment, fileSystem } = this.#run;
      const finished = finishAttempt(plan, environment.runId, ledger.nextSequence, draft, histograms);
      const { trialId, attempt, state, sequence } = finished.record;
      const digests = { record: finished.file.sha256, histograms: finished.histograms?.sha256 ?? null };
      const entry: JournalEntry = {
        event: 'attempt_finished',
        payload: { trialId, attempt, state, sequence, ...digests },
      };
      demandAllowed(this.#run, entry);
      await this.#makeFolders(trialId);
      for (const file of [finished.histograms, finished.file]) {
        if (file) await writeNewFile(fileSystem, join(this.folder, file.path), file.bytes);
      }
      await appendEntry(this.#run, entry);
      return finished.record;
    });
  }

  /** Keeps something in the journal: `name` in lower-case words joined by hyphens, `payload` any JSON of at most some 60 KiB. */
  async note(name: string, payload: unknown): Promise<void> {
    await this.#inTurn(async () => {
      if (!/^[a-z][a-z0-9-]{0,59}$/.test(name)) throw new TypeError(`a note is named in lower-case words: ${name}`);
      const plain: unknown = JSON.parse(canonicalJson(payload ?? null));
      await appendEntry(this.#run, { event: 'note', payload: { name, payload: plain } });
    });
  }

  /**
   * Ends a whole run: checks every file on the disk against the journal and writes `SEAL.json`, after which nothing changes. Throws
   * `MeasurementError` (`E_RUN_INCOMPLETE`) while a trial has no end and `ResultsError` (`E_SEAL_REFUSED`) when a file is not what was written.
   */
  async seal(): Promise<void> {
    await this.#inTurn(async () => {
      await sealRun(this.#run);
      this.#end = new TypeError('this run is sealed');
      await this.#run.journal.close();
      await this.#run.claim.release();
    });
  }

  /** Ends writing without a seal; `resumeRun` can go on. Does nothing when the writer has ended already. */
  async close(): Promise<void> {
    await this.#turn;
    if (this.#end) return;
    await this.#inTurn(async () => {
      this.#end = new TypeError('this writer is closed');
      await this.#run.journal.close();
      await this.#run.reserve.release();
      await this.#run.claim.release();
    });
  }

  /** `close`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => this.#perform(work));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #perform<T>(work: () => Promise<T>): Promise<T> {
    if (this.#end) throw this.#end;
    try {
      return await work();
    } catch (error) {
      const isLost = codeOf(error) !== null || (error instanceof ResultsError && error.code === 'E_JOURNAL_SHARED');
      if (!isLost) throw error;
      this.#end = lossError(this.folder, error);
      if (isDiskFull(error)) await this.#writeLastLine();
      await this.#run.journal.close().catch(() => undefined);
      await this.#run.claim.release().catch(() => undefined);
      throw this.#end;
    }
  }

  /** Both folders of a trial, on the disk before anything lies in them. */
  async #makeFolders(trialId: TrialId): Promise<void> {
    for (const parent of [runFiles.trials, runFiles.raw]) {
      const folder = join(this.folder, parent, trialId);
      if ((await this.#run.fileSystem.kind(folder)) === 'folder') continue;
      await this.#run.fileSystem.makeFolder(folder);
      await this.#run.fileSystem.syncFolder(join(this.folder, parent));
    }
  }

  /** Space was kept back for this line; when even that fails, the error of the caller still says that the disk is full. */
  async #writeLastLine(): Promise<void> {
    try {
      await this.#run.reserve.release();
      await this.#run.journal.cutBack();
      await appendEntry(this.#run, {
        event: 'disk_full',
        payload: { text: 'the disk was full; what is finished is kept' },
      });
    } catch {}
  }
}
