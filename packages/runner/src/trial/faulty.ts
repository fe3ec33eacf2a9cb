import { ServerStartError, type StoppedServer } from '@photofinish/engines';
import {
  type FailedTrial,
  type InvalidTrial,
  type Phase,
  PhotofinishError,
  type ServerExit,
  type TrialRecord,
} from '@photofinish/schema';
import type { AttemptContext } from './context.ts';
import { blameOfExit, endText } from './exit.ts';
import { TrialFault } from './fault.ts';
import { type AttemptResult, attemptFields } from './record.ts';

/** A trial that a fault ended before its guards could judge. */
export interface FaultyTrial {
  readonly context: AttemptContext;
  readonly startedAt: string;
  readonly error: unknown;
  /** The phase the fault happened in. */
  readonly phase: Phase;
  readonly phases: TrialRecord['phases'];
  /** How the server had ended by itself; null when it lived. */
  readonly exit: ServerExit | null;
  /** Whom the kernel killed for memory, by the engine's word. */
  readonly outOfMemory: StoppedServer['outOfMemory'];
  readonly lastWords: string;
}

/**
 * Attributes a fault: to whoever ended the server, then to the target when its server did not start or answered wrongly, else to generator or
 * harness; a lost environment that says so itself is the host's doing. Throws what is a bug or nobody's trial.
 */
export function recordOfError(faulty: FaultyTrial): AttemptResult {
  const { context, error, phase, exit } = faulty;
  const base = attemptFields(context, faulty.startedAt, faulty.phases);
  const failed = (cause: FailedTrial['cause'], message: string, lastWords = faulty.lastWords): AttemptResult => ({
    draft: { ...base, state: 'failed', cause, phase, message: message.slice(0, 4000), lastWords, measurement: null },
    histograms: null,
  });
  const invalid = (cause: InvalidTrial['cause'], message: string): AttemptResult => ({
    draft: { ...base, state: 'invalid', cause, message: message.slice(0, 4000), measurement: null, guards: [] },
    histograms: null,
  });
  const ended = (end: ServerExit, lastWords: string): AttemptResult => {
    const { state, cause } = blameOfExit(end);
    const message = withLastLine(endText(end), lastWords);
    return state === 'failed' ? failed(cause, message, lastWords) : invalid(cause, message);
  };
  if (error instanceof ServerStartError) {
    if (error.exit !== null && error.exit.reason !== 'own') return ended(error.exit, error.lastWords);
    return failed(error.failure, withLastLine(error.what, error.lastWords), error.lastWords);
  }
  if (exit !== null) return ended(exit, faulty.lastWords);
  if (faulty.outOfMemory === 'child')
    return failed('oom-child', `the kernel killed a child of the server for memory; then ${wordsOf(error)}`);
  if (faulty.outOfMemory === 'target')
    return failed('oom-target', withLastLine('the kernel killed the server for memory', faulty.lastWords));
  if (error instanceof TrialFault)
    return error.blame.state === 'failed'
      ? failed(error.blame.cause, error.message)
      : invalid(error.blame.cause, error.message);
  if (error instanceof PhotofinishError && error.code === 'E_GENERATOR_FAILED')
    return invalid('generator-failed', error.what);
  if (error instanceof PhotofinishError && error.code === 'E_EPHEMERAL_PORTS')
    return invalid('ephemeral-ports', `${error.what} ${error.remedy}`);
  if (error instanceof PhotofinishError && error.code === 'E_PROBE') return failed('crashed', error.what);
  throw error;
}

function wordsOf(error: unknown): string {
  if (error instanceof PhotofinishError) return error.what;
  return error instanceof Error ? error.message : String(error);
}

/** A message with the last line that the server printed about itself. */
function withLastLine(message: string, lastWords: string): string {
  const line = lastWords.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return line === '' || line.startsWith('listening ') ? message : `${message} Its last line: ${line}`;
}
