import type { LoadJob, LoadResult } from '@photofinish/schema';

/** What the harness does at the edges of the window. Both are awaited. */
export interface DriveHooks {
  /**
   * Warm-up is over and the load goes on. The window begins when this has resolved, so that counters are read just before it. Without
   * `handshake` in the job the window has begun already.
   */
  onWarm(): Promise<void>;
  /** The window is over and the drain goes on. */
  onWindowEnd(): Promise<void>;
  /**
   * When aborted, the window ends at once and what is in flight gets a second more: `drive` resolves with what was measured until then. It rejects
   * with `EnvironmentError` `E_STOPPED` when the window had not begun. The scripted generator of tests does not heed it.
   */
  readonly stop?: AbortSignal;
}

/** What issues requests. One `drive` is one warm-up, window and drain against one server; several at once do not disturb each other's counts. */
export interface Generator {
  readonly id: 'native' | 'mock';
  /**
   * Calls `onWarm`, then `onWindowEnd`, then resolves with the result. Between the two nothing is written or read. Rejects with the
   * signal's reason when it is aborted, with a hook's error when one throws, with `MeasurementError` `E_GENERATOR_FAILED` when the generator
   * ends without a result, and with `EnvironmentError` when the machine lacks what the job needs; the generator has ended by then.
   */
  drive(job: LoadJob, hooks: DriveHooks, signal: AbortSignal): Promise<LoadResult>;
}
