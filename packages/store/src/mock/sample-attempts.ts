import {
  emptyHistogram,
  formatVersion,
  type Plan,
  summariseTimes,
  type TimeDistribution,
  type TrialHistograms,
} from '@photofinish/schema';
import type { DraftMeasurement, TrialDraft } from '../attempt.ts';
import { connections } from './sample-run.ts';

/** A distribution of `count` times that lie evenly between two bounds in microseconds, as the load core writes one. */
function distribution(count: number, fromMicroseconds: number, toMicroseconds: number): TimeDistribution {
  const histogram = emptyHistogram();
  const times = Array.from({ length: count }, (_, index) =>
    Math.round(fromMicroseconds + ((toMicroseconds - fromMicroseconds) * index) / Math.max(1, count - 1)),
  );
  for (const time of times) histogram.recordValue(time);
  if (!('encodeIntoCompressedBase64' in histogram)) throw new TypeError('the histogram library cannot encode');
  const encode = histogram.encodeIntoCompressedBase64 as () => string;
  return {
    count,
    meanSeconds: times.reduce((sum, time) => sum + time, 0) / Math.max(1, count) / 1e6,
    minimumSeconds: (times[0] ?? 0) / 1e6,
    maximumSeconds: (times.at(-1) ?? 0) / 1e6,
    histogram: encode.call(histogram),
  };
}

const answered = 400;
const waits = distribution(answered, 50_000, 62_000);
const delays = distribution(answered, 1, 900);
const none = distribution(0, 0, 0);
const waitSummary = summariseTimes(waits);
const delaySummary = summariseTimes(delays);

/** The histograms of 400 waits of 50 ms over 10 connections in a window of 2 s. */
export const sampleHistograms = (trialId: string, attempt: number): TrialHistograms => ({
  schemaVersion: formatVersion,
  trialId,
  attempt,
  responseTime: waits.histogram,
  serviceTime: waits.histogram,
  sendDelay: delays.histogram,
  errorTime: none.histogram,
  schedulerLag: delays.histogram,
});

/** The measurement behind `sampleHistograms`. */
export function sampleMeasurement(): DraftMeasurement {
  return {
    loop: 'closed',
    connections,
    windowSeconds: 2,
    warmupSeconds: 1,
    drainSeconds: 0.05,
    intended: answered,
    answered,
    completedInWindow: 396,
    censored: 0,
    errors: {
      connect: 0,
      reset: 0,
      closed: 0,
      timeout: 0,
      malformed: 0,
      status: 0,
      contentType: 0,
      length: 0,
      body: 0,
    },
    throughput: 198,
    meanInFlight: 10,
    responseTime: waitSummary,
    serviceTime: waitSummary,
    sendDelay: delaySummary,
    generator: {
      version: '0.1.0',
      cpuSeconds: 0.02,
      cpuPerRequestSeconds: 0.00005,
      occupancyMean: 0.01,
      occupancyMaximum: 0.02,
      schedulerLagP99: 0.0009,
    },
    series: [],
  };
}

function attemptFields(plan: Plan, runId: string, trialId: string, attempt: number) {
  for (const { blockId, comparisonId: id, replicate, trials } of plan.blocks) {
    const trial = trials.find((candidate) => candidate.trialId === trialId);
    if (!trial) continue;
    const { cellId, targetId, role } = trial;
    const place = { blockId, comparisonId: id, replicate, trialId, cellId, targetId, role, attempt };
    const startedAt = '2026-01-31T12:00:01.000Z';
    return { schemaVersion: formatVersion, runId, planHash: plan.hash, ...place, startedAt, phases: [], notes: [] };
  }
  throw new TypeError(`${trialId} is not in the plan`);
}

/** A draft of a measured trial. */
export function okDraft(plan: Plan, runId: string, trialId: string, attempt: number): TrialDraft {
  const base = attemptFields(plan, runId, trialId, attempt);
  const [runtime = '', model = ''] = base.targetId.split('/');
  return {
    ...base,
    state: 'ok',
    info: {
      runtime,
      version: '1.0',
      model,
      nonce: 'a1',
      cores: 1,
      coresSeen: 1,
      processes: 1,
      threads: null,
      cpuPool: null,
      upstreamPool: null,
      databasePool: null,
      cpuWork: 'event-loop',
      server: 'http',
      eventLoop: 'libuv',
      gil: null,
      gc: null,
      noDelay: true,
      keepAliveSeconds: 75,
      backlog: 1024,
      libraries: {},
    },
    timeToReadySeconds: 0.2,
    measurement: sampleMeasurement(),
    resources: {
      source: 'mock',
      intervalSeconds: 2,
      cpuUserSeconds: 0.1,
      cpuSystemSeconds: 0.05,
      rssStartBytes: 5e7,
      rssEndBytes: 5.1e7,
      rssPeakBytes: 5.2e7,
      pssEndBytes: null,
      virtualBytes: 1e9,
      processes: 1,
      threads: 8,
      threadsPeak: 8,
      voluntarySwitches: 800,
      involuntarySwitches: 3,
      group: null,
      cpuPerRequestSeconds: 0.0004,
    },
    host: {
      hiccupMaximumSeconds: null,
      hiccupLostShare: null,
      stealShare: 0,
      otherLoadShare: null,
      frequencyRatio: null,
      swappedPages: null,
      speed: null,
      calmWaitSeconds: 0,
      parallelCapacity: null,
    },
    guards: [],
  };
}

/** A draft of a trial whose server ended before anything was measured. */
export const failedDraft = (plan: Plan, runId: string, trialId: string, attempt: number): TrialDraft => ({
  ...attemptFields(plan, runId, trialId, attempt),
  state: 'failed',
  cause: 'crashed',
  phase: 'start',
  message: 'exit code 1',
  lastWords: 'Error: "listen" failed\n\u001b[31mEADDRINUSE\u001b[0m',
  measurement: null,
});

/** A draft of a trial that the environment spoilt. */
export const invalidDraft = (plan: Plan, runId: string, trialId: string, attempt: number): TrialDraft => ({
  ...attemptFields(plan, runId, trialId, attempt),
  state: 'invalid',
  cause: 'steal',
  message: '12 % of the window was given to others',
  measurement: null,
  guards: [],
});

/** A draft of a trial left out on purpose. */
export const skippedDraft = (plan: Plan, runId: string, trialId: string, attempt: number): TrialDraft => ({
  ...attemptFields(plan, runId, trialId, attempt),
  state: 'skipped',
  cause: 'quarantined',
  reason: 'it failed twice in a row',
});
