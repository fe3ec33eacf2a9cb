import { z } from 'zod';
import { AbsenceCause, FailedCause, InterruptionCause, InvalidCause } from './cause.ts';
import { BlockId, CellId, ComparisonId, Digest, RunId, TargetId, TrialId } from './ids.ts';
import { Info } from './info.ts';
import { LoadErrors, LoadSecond } from './load-result.ts';
import { Count, Seconds } from './units.ts';

/** The phases of a trial, in order. */
export const Phase = z.enum(['start', 'verify', 'warm-up', 'measure', 'drain', 'stop']);
export type Phase = z.infer<typeof Phase>;

/** Summary of a distribution of times, seconds. Quantiles come from the merged histogram (`histogram.ts`), null where not estimable. */
export const TimeSummary = z.strictObject({
  count: Count,
  mean: z.number().nonnegative().nullable(),
  p50: z.number().nonnegative().nullable(),
  p90: z.number().nonnegative().nullable(),
  p95: z.number().nonnegative().nullable(),
  p99: z.number().nonnegative().nullable(),
  maximum: z.number().nonnegative().nullable(),
});
export type TimeSummary = z.infer<typeof TimeSummary>;

/** What the load generator saw in the window of one trial. */
export const Measurement = z.strictObject({
  loop: z.enum(['closed', 'open']),
  connections: Count.min(1),
  windowSeconds: z.number().positive(),
  warmupSeconds: z.number().nonnegative(),
  drainSeconds: z.number().nonnegative(),
  intended: Count,
  answered: Count,
  completedInWindow: Count,
  censored: Count,
  errors: LoadErrors,
  /** Correct responses completed in the window per second of window. */
  throughput: z.number().nonnegative(),
  meanInFlight: z.number().nonnegative(),
  responseTime: TimeSummary,
  serviceTime: TimeSummary,
  sendDelay: TimeSummary,
  generator: z.strictObject({
    version: z.string(),
    cpuSeconds: z.number().nonnegative(),
    cpuPerRequestSeconds: z.number().nonnegative().nullable(),
    occupancyMean: z.number().min(0),
    occupancyMaximum: z.number().min(0),
    schedulerLagP99: z.number().nonnegative().nullable(),
  }),
  series: z.array(LoadSecond),
  /** The encoded histograms beside the record. */
  histograms: z.strictObject({ file: z.string(), sha256: Digest }),
});
export type Measurement = z.infer<typeof Measurement>;

/** Resource use of the server's whole process tree, read at the window's edges; peaks are of the window. */
export const Resources = z.strictObject({
  /** `engine-stats`: the engine's own account of a container on another host. */
  source: z.enum(['procfs', 'cgroup-v1', 'cgroup-v2', 'engine-stats', 'mock']),
  /** Time between the two readings, seconds. */
  intervalSeconds: z.number().positive(),
  cpuUserSeconds: z.number().nonnegative(),
  cpuSystemSeconds: z.number().nonnegative(),
  rssStartBytes: z.number().nonnegative(),
  rssEndBytes: z.number().nonnegative(),
  /** Sum of the processes' own peaks: an upper bound of the tree's peak. Null where only the engine's account can be read. */
  rssPeakBytes: z.number().nonnegative().nullable(),
  /** Shared pages divided by their users; null where the kernel does not tell. */
  pssEndBytes: z.number().nonnegative().nullable(),
  /** Null, as the counts of processes and switches, where only the engine's account can be read. */
  virtualBytes: z.number().nonnegative().nullable(),
  processes: Count.nullable(),
  threads: Count,
  threadsPeak: Count,
  voluntarySwitches: Count.nullable(),
  involuntarySwitches: Count.nullable(),
  /** What only a control group tells; null where the server has none that can be read. */
  group: z
    .strictObject({
      /**
       * Memory charged at the window's end apart from page cache (working set), and the group's own peak in the window, page cache included; the
       * peak is null where the kernel neither sets it back at the window's beginning nor saw it rise in the window.
       */
      workingSetBytes: z.number().nonnegative(),
      peakBytes: z.number().nonnegative().nullable(),
      kernelStackBytes: z.number().nonnegative().nullable(),
      /** Time the group wanted to execute but its quota was spent, and how often, in the window. */
      throttledSeconds: z.number().nonnegative(),
      throttledPeriods: Count,
      /** Kills for memory in the group, in the window; null where the account does not tell. */
      outOfMemoryKills: Count.nullable(),
      /** Share of the window in which some task waited for a core (PSI); null where the kernel keeps no such account of groups. */
      cpuPressure: z.number().min(0).max(1).nullable(),
      /** Bytes over the server's own network interface in the window; null on the host's network. */
      receivedBytes: z.number().nonnegative().nullable(),
      sentBytes: z.number().nonnegative().nullable(),
    })
    .nullable(),
  /** CPU seconds per correct response completed in the window: CPU rate over throughput. Null without a response. */
  cpuPerRequestSeconds: z.number().nonnegative().nullable(),
});
export type Resources = z.infer<typeof Resources>;

/** How fast one measured core was in the window, by the canary of the speed meter (method, section 14). */
export const CoreSpeed = z.strictObject({
  core: Count,
  /** Processor time of a burst of the canary at this core's calm level: the best seen since the machine was started. */
  calmSeconds: z.number().positive(),
  /** Mean of the bursts of the window over the calm level: 1 is calm, 1.1 a tenth slower. */
  ratio: z.number().positive(),
  /** The same second by second from the window's beginning, with the number of bursts; a second without a burst is left out. */
  series: z.array(z.strictObject({ second: Count, bursts: Count.min(1), ratio: z.number().positive() })),
  /** Processor time of the meter itself, as a share of the core. */
  meterShare: z.number().nonnegative(),
});
export type CoreSpeed = z.infer<typeof CoreSpeed>;

/** Speed of the measured cores. Readings of different canaries are of different work and cannot be compared. */
export const SpeedReading = z.strictObject({ canary: z.string(), cores: z.array(CoreSpeed).min(1) });
export type SpeedReading = z.infer<typeof SpeedReading>;

/** State of the measured cores before and during the window. */
export const HostReading = z.strictObject({
  /** Longest gap a spinning loop saw on a measured core just before the trial, seconds, and the share of its time lost to gaps over 50 us. */
  hiccupMaximumSeconds: z.number().nonnegative().nullable(),
  hiccupLostShare: z.number().min(0).max(1).nullable(),
  /** Share of the window's core time the hypervisor gave to others. */
  stealShare: z.number().min(0).nullable(),
  /** Share of the window's core time used by programs that are not part of the trial. */
  otherLoadShare: z.number().min(0).nullable(),
  /** Lowest over highest frequency of the measured cores, read at the edges; null where the kernel does not tell. */
  frequencyRatio: z.number().positive().max(1).nullable(),
  /** Pages swapped in and out in the window; null where the kernel does not tell. */
  swappedPages: Count.nullable(),
  /** Speed of the cores of target and generator in the window; null where the load generator's host is not the servers'. */
  speed: SpeedReading.nullable(),
  /** How long the runner waited for calm before this attempt, seconds; 0 when it did not. */
  calmWaitSeconds: z.number().nonnegative(),
  /** Speedup the fixed spin kernel showed in as many independent processes as the target has cores, measured in this block; null on one core. */
  parallelCapacity: z.number().positive().nullable(),
});
export type HostReading = z.infer<typeof HostReading>;

/** One check of a trial: its reading and its limit. */
export const GuardReading = z.strictObject({
  guard: z.enum([
    'info',
    'body',
    'errors',
    'generator-lag',
    'generator-saturation',
    'littles-law',
    'wait-ceiling',
    'offered-achieved',
    'censoring',
    'steal',
    'process-pause',
    'server-alive',
    'limits',
    'throttling',
    'out-of-memory',
    'frequency',
    'other-load',
    'swap',
    'kernel',
    'headroom',
    'ceiling',
    'halving',
    'host-slow',
  ]),
  passed: z.boolean(),
  reading: z.string(),
  limit: z.string(),
});
export type GuardReading = z.infer<typeof GuardReading>;

/** Something worth saying that does not change the state. */
export const Note = z.strictObject({ code: z.string(), text: z.string() });
export type Note = z.infer<typeof Note>;

const attempted = {
  schemaVersion: z.string(),
  runId: RunId,
  planHash: Digest,
  blockId: BlockId,
  comparisonId: ComparisonId,
  replicate: Count.min(1),
  trialId: TrialId,
  cellId: CellId,
  targetId: TargetId,
  role: z.enum(['target', 'alias']),
  /** 1 for the first attempt at this trial. */
  attempt: Count.min(1),
  /** Position of this record in the run. */
  sequence: Count,
  /** Wall clock, for people only. */
  startedAt: z.iso.datetime(),
  /** How long each phase took, seconds, monotonic, in the order they happened. */
  phases: z.array(z.strictObject({ phase: Phase, seconds: Seconds })),
  notes: z.array(Note),
};

const measured = {
  info: Info,
  /** Start of the server to its first correct answer, seconds. */
  timeToReadySeconds: z.number().nonnegative(),
  measurement: Measurement,
  resources: Resources,
  host: HostReading,
  guards: z.array(GuardReading),
};

/** The server and the environment behaved: the only state that enters a comparison. */
export const OkTrial = z.strictObject({ ...attempted, state: z.literal('ok'), ...measured });
export type OkTrial = z.infer<typeof OkTrial>;

/** The target's own doing: a result. */
export const FailedTrial = z.strictObject({
  ...attempted,
  state: z.literal('failed'),
  cause: FailedCause,
  phase: Phase,
  /** What was expected and what was found. */
  message: z.string().max(4000),
  /** The last lines the server printed, at most 64 KiB. */
  lastWords: z.string().max(65_536),
  /** Figures of the part that worked, never compared. */
  measurement: Measurement.nullable(),
});
export type FailedTrial = z.infer<typeof FailedTrial>;

/** The environment's doing: measured, kept, counted, not compared, repeated within the budget. */
export const InvalidTrial = z.strictObject({
  ...attempted,
  state: z.literal('invalid'),
  cause: InvalidCause,
  message: z.string().max(4000),
  measurement: Measurement.nullable(),
  guards: z.array(GuardReading),
});
export type InvalidTrial = z.infer<typeof InvalidTrial>;

/** Left out on purpose after the run began. */
export const SkippedTrial = z.strictObject({
  ...attempted,
  state: z.literal('skipped'),
  cause: AbsenceCause,
  reason: z.string(),
});
export type SkippedTrial = z.infer<typeof SkippedTrial>;

/** Never begun: the target is absent from this machine or the run ended before. */
export const NotRunTrial = z.strictObject({
  ...attempted,
  state: z.literal('not-run'),
  cause: AbsenceCause,
  reason: z.string(),
  remedy: z.string(),
});
export type NotRunTrial = z.infer<typeof NotRunTrial>;

/** Begun and cut off by somebody. */
export const InterruptedTrial = z.strictObject({
  ...attempted,
  state: z.literal('interrupted'),
  cause: InterruptionCause,
  reason: z.string(),
});
export type InterruptedTrial = z.infer<typeof InterruptedTrial>;

/** One attempt at one trial. Nothing is ever represented by zero or by absence. */
export const TrialRecord = z
  .discriminatedUnion('state', [OkTrial, FailedTrial, InvalidTrial, SkippedTrial, NotRunTrial, InterruptedTrial])
  .meta({ id: 'trial', title: 'Trial record' });
export type TrialRecord = z.infer<typeof TrialRecord>;
export type TrialState = TrialRecord['state'];

/** The encoded histograms of one attempt, in a file of their own beside the record. */
export const TrialHistograms = z
  .strictObject({
    schemaVersion: z.string(),
    trialId: TrialId,
    attempt: Count.min(1),
    /** HdrHistogram V2, deflated, base64, values in microseconds. */
    responseTime: z.string(),
    serviceTime: z.string(),
    sendDelay: z.string(),
    errorTime: z.string(),
    schedulerLag: z.string(),
  })
  .meta({ id: 'histograms', title: 'Histograms of one attempt' });
export type TrialHistograms = z.infer<typeof TrialHistograms>;
