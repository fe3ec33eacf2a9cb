import type { TrialHistograms, TrialRecord } from '@photofinish/schema';
import type { TrialDraft } from '@photofinish/store';

/** Where records go: the store's writer of a run folder. Calls are awaited one after another. */
export interface Recorder {
  /** Number of the next attempt at a trial; numbers are never used twice. */
  nextAttempt(trialId: string): number;
  attemptStarted(trialId: string, attempt: number): Promise<void>;
  /** Completes the draft with its position in the run and the reference to its histograms, and returns the record as written. */
  attemptFinished(draft: TrialDraft, histograms: TrialHistograms | null): Promise<TrialRecord>;
}
