import { EnvironmentLostError, type FailedCause, type InvalidCause } from '@photofinish/schema';

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

/** A lease that was lost because the engine that held it is gone: the engine is what to mend. */
export function engineLost(cause: EnvironmentLostError): EnvironmentLostError {
  return new EnvironmentLostError('E_ENGINE_LOST', {
    what: 'The container engine ended during a trial, and the lease on the cores with it.',
    remedy: 'Start it again, then go on with --resume: finished trials are kept.',
    cause,
  });
}
