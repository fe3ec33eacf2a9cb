import { exitText, ServerStartError, type StoppedServer } from '@photofinish/engines';
import {
  type FailedTrial,
  formatVersion,
  type GuardReading,
  type HostReading,
  type Info,
  type InvalidTrial,
  type Note,
  type Phase,
  PhotofinishError,
  type ServerExit,
  type TrialHistograms,
  type TrialRecord,
} from '@photofinish/schema';
import type { TrialDraft } from '@photofinish/store';
import { judgeTrial } from '../guards/guards.ts';
import type { AttemptContext } from './context.ts';
import { TrialFault } from './fault.ts';
import { histogramsOf, measurementOf, timesOf } from './measurement.ts';
import type { Observation } from './trial.ts';

/** A trial record as the store completes it, and the histograms behind its measurement where there is one. */
export interface AttemptResult {
  readonly draft: TrialDraft;
  readonly histograms: TrialHistograms | null;
}

/** The fields every record of an attempt begins with. */
export function attemptFields(
  context: AttemptContext,
  startedAt: string,
  phases: TrialRecord['phases'],
  notes: Note[] = [],
) {
  const { plan, block, trial } = context;
  return {
    schemaVersion: formatVersion,
    runId: context.runId,
    planHash: plan.hash,
    blockId: block.blockId,
    comparisonId: block.comparisonId,
    replicate: block.replicate,
    trialId: trial.trialId,
    cellId: trial.cellId,
    targetId: trial.targetId,
    role: trial.role,
    attempt: context.attempt,
    startedAt,
    phases,
    notes,
  };
}

/** A trial that went through all its phases. */
export interface FinishedTrial {
  readonly context: AttemptContext;
  readonly startedAt: string;
  readonly phases: TrialRecord['phases'];
  readonly info: Info;
  readonly hiccups: { readonly maximumSeconds: number; readonly lostShare: number } | null;
  readonly observation: Observation;
  readonly alive: boolean;
  readonly stopped: StoppedServer;
  readonly timeToReady: number;
}

/** Puts the guards to a finished trial and writes what they say: `ok`, `failed` or `invalid`. */
export function judgedRecord(finished: FinishedTrial): AttemptResult {
  const { context, observation, info } = finished;
  const { comparison, plan, trial, parallelCapacity } = context;
  const { result, use, stealShare } = observation;
  const times = timesOf(result);
  const { judged, failure } = judgeTrial({
    comparison,
    result,
    ...times,
    hasThreadPool: context.target.hasThreadPool,
    errorLimit: plan.experiment.errorLimit,
    stealShare,
    harnessSeconds: observation.harnessSeconds,
    serverAlive: finished.alive,
  });
  const infoReading: GuardReading = {
    guard: 'info',
    passed: true,
    reading: 'as planned',
    limit: 'every field of /info the plan fixes',
  };
  const guards = [infoReading, ...judged.map(({ reading }) => reading)];
  const histograms = histogramsOf(trial.trialId, context.attempt, result);
  const measurement = measurementOf(comparison, result, times);
  const host: HostReading = {
    hiccupMaximumSeconds: finished.hiccups?.maximumSeconds ?? null,
    hiccupLostShare: finished.hiccups?.lostShare ?? null,
    stealShare,
    otherLoadShare: null,
    frequencyRatio: null,
    swappedPages: null,
    parallelCapacity,
  };
  const base = attemptFields(context, finished.startedAt, finished.phases, stopNotes(finished.stopped, finished.alive));
  if (failure === null) {
    const cpuRate = (use.cpuUserSeconds + use.cpuSystemSeconds) / use.intervalSeconds;
    const cpuPerRequestSeconds = measurement.throughput > 0 ? cpuRate / measurement.throughput : null;
    const draft: TrialDraft = {
      ...base,
      state: 'ok',
      info,
      timeToReadySeconds: finished.timeToReady,
      measurement,
      resources: { ...use, cpuPerRequestSeconds },
      host,
      guards,
    };
    return { draft, histograms };
  }
  const { reading, blame } = failure;
  const message = `${reading.guard}: ${reading.reading}; limit ${reading.limit}`;
  if (blame.state === 'invalid')
    return { draft: { ...base, state: 'invalid', cause: blame.cause, message, measurement, guards }, histograms };
  const { exit, lastWords } = finished.stopped;
  const text = blame.cause === 'crashed' ? `the server ended in the window (${exitText(exit)})` : message;
  return {
    draft: { ...base, state: 'failed', cause: blame.cause, phase: 'measure', message: text, lastWords, measurement },
    histograms,
  };
}

function stopNotes(stopped: StoppedServer, alive: boolean): Note[] {
  if (!alive) return [];
  if (stopped.forced)
    return [
      {
        code: 'hang-shutdown',
        text: `SIGTERM was not enough within ${stopped.seconds.toFixed(1)} s; SIGKILL ended it`,
      },
    ];
  if (stopped.exit.code !== 0)
    return [
      {
        code: 'exit-code',
        text: `after SIGTERM the server ended with ${exitText(stopped.exit)} instead of exit code 0`,
      },
    ];
  return [];
}

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
  readonly lastWords: string;
}

/** Attributes a fault: to the target when its server did not start, answered wrongly or ended; else to generator or harness. Throws what is a bug or a lost environment. */
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
  if (error instanceof ServerStartError)
    return failed(error.failure, withLastLine(error.what, error.lastWords), error.lastWords);
  if (exit !== null)
    return failed('crashed', withLastLine(`the server ended by itself (${exitText(exit)})`, faulty.lastWords));
  if (error instanceof TrialFault)
    return error.blame.state === 'failed'
      ? failed(error.blame.cause, error.message)
      : invalid(error.blame.cause, error.message);
  if (error instanceof PhotofinishError && error.code === 'E_GENERATOR_FAILED')
    return invalid('generator-failed', error.what);
  throw error;
}

/** A message with the last line that the server printed about itself. */
function withLastLine(message: string, lastWords: string): string {
  const line = lastWords.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return line === '' || line.startsWith('listening ') ? message : `${message} Its last line: ${line}`;
}
