import { InterruptedError } from '@photofinish/schema';

/** A second signal within this time is the same one seen twice: terminals and npm both hand Ctrl-C on. Milliseconds. */
const echoMilliseconds = 1000;

/** The signals of this process as an `AbortSignal`. */
export interface HarnessSignals {
  readonly signal: AbortSignal;
  /** Lets the process end. */
  release(): void;
}

/**
 * The first SIGINT, SIGTERM or SIGHUP aborts, so that the trial under way is cut and recorded; a second one, later than an echo, ends the
 * process at once. When the process that started this one dies without a word, this one dies too: the supervisors of the servers see it.
 */
export function watchHarness(harness: NodeJS.Process): HarnessSignals {
  const controller = new AbortController();
  let firstAt: number | null = null;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    harness.on(signal, () => {
      if (firstAt !== null && performance.now() - firstAt > echoMilliseconds)
        harness.exit(signal === 'SIGINT' ? 130 : 143);
      firstAt ??= performance.now();
      controller.abort(new InterruptedError(signal, { what: 'Interrupted.', remedy: 'Begin again when you like.' }));
    });
  }
  const orphaned = () => harness.kill(harness.pid, 'SIGKILL');
  harness.on('disconnect', orphaned);
  return {
    signal: controller.signal,
    release() {
      harness.off('disconnect', orphaned);
      if (harness.connected === true) harness.disconnect?.();
    },
  };
}
