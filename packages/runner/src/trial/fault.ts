import type { FailedCause, InvalidCause } from '@photofinish/schema';

/** A fault found within a trial, already attributed. It ends the trial and becomes its record. */
export class TrialFault extends Error {
  readonly blame:
    | { readonly state: 'failed'; readonly cause: FailedCause }
    | { readonly state: 'invalid'; readonly cause: InvalidCause };

  constructor(state: 'failed', cause: FailedCause, message: string);
  constructor(state: 'invalid', cause: InvalidCause, message: string);
  constructor(state: 'failed' | 'invalid', cause: FailedCause | InvalidCause, message: string) {
    super(message);
    this.name = 'TrialFault';
    this.blame = { state, cause } as TrialFault['blame'];
  }
}
