import type { PlannedBlock, PlannedTrial, TrialRecord } from '@photofinish/schema';

/** Where a run stands. */
export interface Progress {
  /** Trials with a final record. */
  readonly done: number;
  readonly total: number;
  /** Estimated seconds until the end, from the trials so far; from the plan before the first. */
  readonly remainingSeconds: number;
}

/** What the runner tells whoever listens. None is sent while a window is measured. */
export type RunnerEvent =
  | { readonly kind: 'block-started'; readonly block: PlannedBlock; readonly progress: Progress }
  | {
      readonly kind: 'capacity-measured';
      readonly block: PlannedBlock;
      readonly cores: number;
      readonly capacity: number;
    }
  | {
      /** The host is slow: the next trial waits for calm, so long at most. */
      readonly kind: 'calm-awaited';
      readonly ratio: number;
      readonly longestSeconds: number;
    }
  | {
      /** The wait is over, calm or not. */
      readonly kind: 'calm-wait-over';
      readonly ratio: number;
      readonly waitedSeconds: number;
      readonly isCalm: boolean;
    }
  | {
      readonly kind: 'trial-started';
      readonly trial: PlannedTrial;
      readonly block: PlannedBlock;
      readonly attempt: number;
      readonly progress: Progress;
    }
  | {
      readonly kind: 'trial-finished';
      readonly record: TrialRecord;
      readonly final: boolean;
      readonly progress: Progress;
    }
  | { readonly kind: 'target-quarantined'; readonly targetId: string }
  | { readonly kind: 'run-finished'; readonly complete: boolean; readonly calmWaitSeconds: number };

export type RunnerListener = (event: RunnerEvent) => void;
