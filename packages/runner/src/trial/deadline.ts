import { type Clock, type LoadSpecification, type Seconds, seconds } from '@photofinish/schema';
import { TrialFault } from './fault.ts';
import { warmupOf } from './job.ts';

/** Slack for verification, drain and readings beyond the phases' own limits, seconds. */
const slackSeconds = 20;

/** Longest time a trial may take, from the limits of its phases; monotonic. */
export function trialLimit(
  load: LoadSpecification,
  warmupSeconds: Seconds,
  readyWithin: number,
  stopWithin: number,
): Seconds {
  return seconds(
    readyWithin +
      warmupOf(load, warmupSeconds).maximumSeconds +
      load.window.maximumSeconds +
      load.drain.maximumSeconds +
      stopWithin +
      slackSeconds,
  );
}

/** A signal that aborts with the outer one, or with a fault of cause `deadline` when the time is over. `cancel` ends the timer. */
export function withDeadline(
  limit: Seconds,
  clock: Clock,
  outer: AbortSignal,
): { readonly signal: AbortSignal; cancel(): void } {
  const late = new AbortController();
  const cancel = clock.after(limit, () =>
    late.abort(new TrialFault('invalid', 'deadline', `the trial did not end within ${limit} s`)),
  );
  return { signal: AbortSignal.any([outer, late.signal]), cancel };
}
