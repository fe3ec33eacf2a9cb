import { type Clock, type LoadJob, type PhotofinishError, seconds } from '@photofinish/schema';
import type { Generator } from '../generator.ts';
import { type LoadScript, scriptedResult } from './scripted-result.ts';

/** What a scripted drive does. */
export interface DriveScript extends LoadScript {
  /** Ends with this error instead of going on after the named phase. */
  readonly failure?: { readonly after: 'warm-up' | 'measure' | 'drain'; readonly error: PhotofinishError };
}

/** A scripted generator with its log, in the order things happened. */
export interface MockGenerator extends Generator {
  readonly id: 'mock';
  readonly log: string[];
}

/**
 * A generator that sends nothing: it calls the hooks in their order, lets the clock pass the phases, and answers with a result that adds up.
 * The script is asked anew for each drive, counted from 1.
 */
export function mockGenerator(
  clock: Clock,
  script: (job: LoadJob, drive: number) => DriveScript = () => ({}),
): MockGenerator {
  const log: string[] = [];
  let drives = 0;
  return {
    id: 'mock',
    log,
    async drive(job, hooks, signal) {
      signal.throwIfAborted();
      drives += 1;
      const { failure, ...load } = script(job, drives);
      const result = scriptedResult(job, load);
      const pass = async (phase: 'warm-up' | 'measure' | 'drain', length: number) => {
        log.push(phase);
        await clock.sleep(seconds(length), signal);
        signal.throwIfAborted();
        if (failure?.after === phase) throw failure.error;
      };
      await pass('warm-up', result.warmup.seconds);
      await hooks.onWarm();
      await pass('measure', result.window.seconds);
      await hooks.onWindowEnd();
      await pass('drain', result.drain.seconds);
      return result;
    },
  };
}
