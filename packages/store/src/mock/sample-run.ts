import {
  type Clock,
  digestOf,
  type Environment,
  emptyHistogram,
  formatVersion,
  type Plan,
  type PlannedBlock,
  seconds,
  summariseTimes,
  type TimeDistribution,
  type TrialHistograms,
} from '@photofinish/schema';
import type { DraftMeasurement, TrialDraft } from '../attempt.ts';

/** A clock that moves one second at every reading. */
export function tickingClock(): Clock {
  let ticks = 0;
  return {
    now: () => seconds(ticks++),
    wall: () => new Date(Date.UTC(2026, 0, 31, 12, 0, ticks++)),
    sleep: async () => {},
  };
}

const experimentId = 'quick';
const comparisonId = 'timer';
const connections = 10;
const waitSeconds = seconds(0.05);

const block = (replicate: number): PlannedBlock => {
  const blockId = `${comparisonId}.b0${replicate}`;
  const trial = (position: number, targetId: string, cellId: string) => ({
    trialId: `${blockId}.t0${position}`,
    cellId,
    targetId,
    role: 'target' as const,
    seed: replicate,
  });
  return {
    blockId,
    comparisonId,
    replicate,
    trials: [trial(1, 'node/async-await', '00000000000000a1'), trial(2, 'python/threads', '00000000000000b2')],
  };
};

const planned = (targetId: string, runtimeName: string, colour: Plan['targets'][number]['colour']) => ({
  targetId,
  runtimeId: targetId.split('/')[0] ?? '',
  runtimeName,
  modelTitle: 'one process',
  colour,
  modelIndex: 0,
  hasThreadPool: false,
  toolchain: `${runtimeName} 1.0`,
  absence: null,
});

/** A plan of `blocks` blocks with two trials each. */
export function samplePlan(blocks = 2): Plan {
  const rest: Omit<Plan, 'hash'> = {
    schemaVersion: formatVersion,
    seed: 7,
    experiment: {
      id: experimentId,
      version: 1,
      title: 'Quick',
      question: 'How many requests can one thread hold while they wait?',
      claims: [],
      errorLimit: 0.01,
      retryBudget: 1,
    },
    engine: 'mock',
    baseline: 'node/async-await',
    replicates: blocks,
    minimumBlocks: 2,
    provisional: true,
    grantedCores: [0, 1],
    targets: [planned('node/async-await', 'Node', 'bluish-green'), planned('python/threads', 'Python', 'blue')],
    comparisons: [
      {
        id: comparisonId,
        title: 'Waiting 50 ms',
        workload: {
          id: 'timer',
          version: 1,
          kind: 'io',
          parameters: { ms: 50 },
          path: '/timer?ms=50',
          expected: { status: 200, contentType: 'application/json', body: '{"ms":50}' },
          waitSeconds,
        },
        targetCores: [0],
        generatorCores: [1],
        sharesCores: false,
        sizes: { threads: 16, cpuPool: 1 },
        load: {
          arrivals: { loop: 'closed', connections, rampSeconds: seconds(0) },
          keepAlive: true,
          warmup: { minimumSeconds: seconds(1), minimumResponses: 10, maximumSeconds: seconds(5) },
          window: { seconds: seconds(2), minimumResponses: 10, maximumSeconds: seconds(4) },
          drain: { maximumSeconds: seconds(5) },
          timeoutSeconds: seconds(5),
        },
        metrics: [{ metric: 'throughput', margin: 0.05 }],
      },
    ],
    leftOut: [],
    blocks: Array.from({ length: blocks }, (_, index) => block(index + 1)),
    estimateSeconds: seconds(12),
  };
  return { ...rest, hash: digestOf(rest) };
}

/** An environment of a run on a small host. */
export function sampleEnvironment(runId = '20260131T120000Z-0a1b2c'): Environment {
  return {
    schemaVersion: formatVersion,
    runId,
    collectedAt: '2026-01-31T12:00:00.000Z',
    photofinish: { version: '0.1.0', commit: null, node: '26.10.0' },
    instrument: { version: '0.1.0', origin: 'built' },
    host: {
      cpuVendor: 'AuthenticAMD',
      cpuModel: 'EPYC',
      logicalCores: 2,
      physicalCores: 1,
      allowedCores: [0, 1],
      smtActive: true,
      virtualisation: 'kvm',
      architecture: 'x64',
      kernel: '6.12.0',
      operatingSystem: 'Linux',
      memoryBytes: 8 * 2 ** 30,
      cgroupVersion: 'v2',
      governor: null,
      clockSource: 'tsc',
      fileDescriptorLimit: 1_048_576,
      loadAverage: 0.1,
    },
    hostKey: 'hk1-0123456789abcdef',
    hostClass: 'shape-only',
    hostClassReasons: ['fewer than 4 physical cores'],
    conditions: [],
    toolchains: [],
  };
}

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
      cpuPerRequestSeconds: 0.0004,
    },
    host: { hiccupMaximumSeconds: null, hiccupLostShare: null, stealShare: 0, parallelCapacity: null },
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
