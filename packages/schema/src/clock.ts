import { setTimeout as delay } from 'node:timers/promises';
import { type Seconds, seconds } from './units.ts';

/** Where time comes from. Everything that waits or stamps goes through one, so that tests can turn it by hand. */
export interface Clock {
  /** Monotonic seconds since an arbitrary origin. */
  now(): Seconds;
  /** Wall-clock time, for stamps only; never subtracted. */
  wall(): Date;
  /** Resolves after the given monotonic span; rejects with the signal's reason when it is aborted. */
  sleep(duration: Seconds, signal?: AbortSignal): Promise<void>;
  /** Calls back once when the monotonic span has passed, unless the returned function is called before. */
  after(duration: Seconds, action: () => void): () => void;
}

/** The clock of this process: `performance.now()` (CLOCK_MONOTONIC). */
export const systemClock: Clock = {
  now: () => seconds(performance.now() / 1000),
  wall: () => new Date(),
  sleep: async (duration, signal) => {
    await delay(duration * 1000, undefined, signal ? { signal } : {});
  },
  after: (duration, action) => {
    const timer = setTimeout(action, duration * 1000);
    return () => clearTimeout(timer);
  },
};
