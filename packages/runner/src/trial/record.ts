import { exitText, type StoppedServer } from '@photofinish/engines';
import {
  formatVersion,
  type GuardReading,
  type HostReading,
  type Info,
  type Note,
  type ServerExit,
  type TrialHistograms,
  type TrialRecord,
} from '@photofinish/schema';
import type { TrialDraft } from '@photofinish/store';
import { judgeTrial } from '../guards/guards.ts';
import type { AttemptContext } from './context.ts';
import { endText } from './exit.ts';
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
  const { plan, block, trial, calmWaitSeconds } = context;
  const waited: Note[] =
    calmWaitSeconds === 0
      ? []
      : [{ code: 'calm-wait', text: `the runner waited ${calmWaitSeconds.toFixed(1)} s for calm before this attempt` }];
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
    notes: [...waited, ...notes],
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
  /** How the server had ended by itself when the window was over; null when it lived. */
  readonly exit: ServerExit | null;
  readonly stopped: StoppedServer;
  readonly timeToReady: number;
}

/** What was required before the load, so that a trial that came here has it. */
const requiredReadings: readonly GuardReading[] = [
  { guard: 'info', passed: true, reading: 'as planned', limit: 'every field of /info the plan fixes' },
  {
    guard: 'limits',
    passed: true,
    reading: 'as asked for',
    limit: 'cores and limits as the kernel and the engine give them back',
  },
];

/** Puts the guards to a finished trial and writes what they say: `ok`, `failed` or `invalid`. */
export function judgedRecord(finished: FinishedTrial): AttemptResult {
  const { context, observation, info } = finished;
  const { comparison, plan, trial, parallelCapacity } = context;
  const { result, use } = observation;
  const times = timesOf(result);
  const { judged, failure } = judgeTrial({
    comparison,
    result,
    responseTime: times.responseTime,
    hasThreadPool: context.target.hasThreadPool,
    hostClass: context.hostClass,
    errorLimit: plan.experiment.errorLimit,
    host: observation.host,
    serverKernel: observation.serverKernel,
    speed: observation.speed,
    saturation: context.saturation,
    use,
    harnessSeconds: observation.harnessSeconds,
    exit: finished.exit,
    outOfMemory: finished.stopped.outOfMemory,
  });
  const guards = [...requiredReadings, ...judged.map(({ reading }) => reading)];
  const histograms = histogramsOf(trial.trialId, context.attempt, result);
  const measurement = measurementOf(comparison, result, times);
  const host: HostReading = {
    hiccupMaximumSeconds: finished.hiccups?.maximumSeconds ?? null,
    hiccupLostShare: finished.hiccups?.lostShare ?? null,
    stealShare: observation.host.stealShare,
    otherLoadShare: observation.host.otherLoadShare,
    frequencyRatio: observation.host.frequencyRatio,
    swappedPages: observation.host.swappedPages,
    speed: observation.speed,
    calmWaitSeconds: context.calmWaitSeconds,
    parallelCapacity,
  };
  const notes = [...clockNotes(observation), ...stopNotes(finished)];
  const base = attemptFields(context, finished.startedAt, finished.phases, notes);
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
  const { lastWords } = finished.stopped;
  const text = finished.exit === null ? message : `in the window ${endText(finished.exit)}`;
  if (blame.state === 'invalid')
    return { draft: { ...base, state: 'invalid', cause: blame.cause, message: text, measurement, guards }, histograms };
  return {
    draft: { ...base, state: 'failed', cause: blame.cause, phase: 'measure', message: text, lastWords, measurement },
    histograms,
  };
}

/** Difference of wall and monotonic clock between the edges that is worth a word, seconds: a slewed clock stays below it in a window of half a minute (adjtimex(2): 500 ppm at most). */
const stepSeconds = 0.02;

/** No duration comes from the wall clock: a step of it is a note (reference: reliability 9, row 20). */
function clockNotes({ wallStepSeconds }: Observation): Note[] {
  if (Math.abs(wallStepSeconds) <= stepSeconds) return [];
  const direction = wallStepSeconds > 0 ? 'forward' : 'back';
  return [
    {
      code: 'clock-step',
      text: `the wall clock went ${Math.abs(wallStepSeconds).toFixed(3)} s ${direction} in the window; durations come from another clock`,
    },
  ];
}

function stopNotes({ stopped, exit }: FinishedTrial): Note[] {
  if (exit !== null) return [];
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
