import { z } from 'zod';
import { Cause } from './cause.ts';
import { Metric } from './experiment.ts';
import { ComparisonId, Digest, RunId, TargetId, TrialId } from './ids.ts';
import { PlannedTarget } from './plan.ts';
import { Resources } from './trial.ts';
import { Count } from './units.ts';
import { GateReading, RatioInterval, Stamp, Verdict } from './verdict.ts';

/** A typical trial's value of one metric: geometric mean over trials with a Student-t interval on logarithms. */
export const Estimate = z.strictObject({
  metric: Metric,
  /** Trials behind it. */
  trials: Count,
  /** Base units: per second, seconds, bytes. Null when no trial has a value. */
  value: z.number().nonnegative().nullable(),
  interval: z
    .strictObject({ lower: z.number().nonnegative(), upper: z.number().nonnegative(), level: z.number() })
    .nullable(),
  /** Every trial's value, in block order. */
  points: z.array(z.number().nonnegative()),
});
export type Estimate = z.infer<typeof Estimate>;

/** Attempts by state. */
export const StateCounts = z.strictObject({
  ok: Count,
  failed: Count,
  invalid: Count,
  skipped: Count,
  'not-run': Count,
  interrupted: Count,
});
export type StateCounts = z.infer<typeof StateCounts>;

/** One target in one comparison. */
export const AnalysedCell = z.strictObject({
  targetId: TargetId,
  role: z.enum(['target', 'alias']),
  /** Final states of its trials. */
  states: StateCounts,
  /** All attempts, the invalid ones that were repeated included. */
  attempts: Count,
  /** Causes of everything that is not `ok`, with their numbers. */
  causes: z.array(z.strictObject({ cause: Cause, trials: Count })),
  estimates: z.array(Estimate),
  /** Errored share of requests over its ok trials. */
  errorShare: z.number().min(0).max(1).nullable(),
  /** Largest gap of Little's law over its ok trials, as a share of connections. */
  littleGap: z.number().nonnegative().nullable(),
});
export type AnalysedCell = z.infer<typeof AnalysedCell>;

/** The A/A alias: a target as its own rival. It can only withhold verdicts. */
export const AliasReading = z.strictObject({
  metric: Metric,
  /** Pairs of a target with itself. */
  pairs: Count,
  ratio: z.number().positive().nullable(),
  interval: RatioInterval.nullable(),
  gate: GateReading,
});
export type AliasReading = z.infer<typeof AliasReading>;

/** Throughput of a target over the baseline as it is, and as it would be had all cores had the same speed. */
export const AdjustedRatio = z.strictObject({
  targetId: TargetId,
  /** Change of log throughput with that of the log of the canary's burst, within trials: -1 is "in proportion". */
  slope: z.number(),
  baselineSlope: z.number(),
  pairs: Count,
  ratio: z.number().positive(),
  interval: RatioInterval.nullable(),
  adjustedRatio: z.number().positive(),
  adjustedInterval: RatioInterval.nullable(),
});
export type AdjustedRatio = z.infer<typeof AdjustedRatio>;

/**
 * Throughput adjusted for the speed of the cores (speed meter). No verdict rests on it: it stands beside the figures as they are, and only where
 * it made the A/A alias differ less from its own target.
 */
export const SpeedAdjustment = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('accepted'),
    /** Pairs of a target with itself, and the standard deviation of their log-ratios as they are and adjusted. */
    aliasPairs: Count,
    rawSpread: z.number().nonnegative(),
    adjustedSpread: z.number().nonnegative(),
    ratios: z.array(AdjustedRatio),
  }),
  z.strictObject({ outcome: z.literal('dropped'), reason: z.string() }),
]);
export type SpeedAdjustment = z.infer<typeof SpeedAdjustment>;

export const AnalysedComparison = z.strictObject({
  id: ComparisonId,
  title: z.string(),
  /** What was asked, with units: `GET /timer?ms=50, closed loop, 256 connections, 1 core`. */
  description: z.string(),
  workloadId: z.string(),
  workloadKind: z.enum(['io', 'cpu']),
  cores: Count.min(1),
  sharesCores: z.boolean(),
  connections: Count.min(1),
  baseline: TargetId,
  cells: z.array(AnalysedCell),
  alias: z.array(AliasReading),
  speedAdjustment: SpeedAdjustment,
  verdicts: z.array(Verdict),
});
export type AnalysedComparison = z.infer<typeof AnalysedComparison>;

/** Throughput at more cores over throughput at fewer, paired by replicate. */
export const Scaling = z.strictObject({
  workloadId: z.string(),
  targetId: TargetId,
  from: ComparisonId,
  to: ComparisonId,
  fromCores: Count.min(1),
  toCores: Count.min(1),
  pairs: Count,
  speedup: z.number().positive().nullable(),
  interval: RatioInterval.nullable(),
  /** Speedup over the ratio of cores. */
  efficiency: z.number().nonnegative().nullable(),
});
export type Scaling = z.infer<typeof Scaling>;

/** One number of cores of a sweep, for one target. */
export const SweepLevel = z.strictObject({
  comparisonId: ComparisonId,
  cores: Count.min(1),
  /** Replicates with a value here and on the fewest cores. */
  pairs: Count,
  /** Over the fewest cores, paired by replicate; 1 there. Null without a pair. */
  speedup: z.number().positive().nullable(),
  interval: RatioInterval.nullable(),
  /** Speedup over the ratio of cores. */
  efficiency: z.number().nonnegative().nullable(),
  /** Speedup by the fitted law; null where none is fitted. */
  fitted: z.number().positive().nullable(),
  /** Measured throughput over the law's, less 1: 0.02 is 2 % above. Null where none is fitted. */
  residual: z.number().nullable(),
});
export type SweepLevel = z.infer<typeof SweepLevel>;

/** Bounds of a quantity that is not negative; an upper one of null lies beyond every number. */
export const OpenInterval = z.strictObject({
  lower: z.number().nonnegative(),
  upper: z.number().nonnegative().nullable(),
  level: z.number(),
});
export type OpenInterval = z.infer<typeof OpenInterval>;

/** A parameter of the scalability law; its interval is null with one replicate. */
export const LawParameter = z.strictObject({ value: z.number().nonnegative(), interval: OpenInterval.nullable() });
export type LawParameter = z.infer<typeof LawParameter>;

/** The Universal Scalability Law fitted to a sweep, or why it is not. */
export const ScalabilityLaw = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('fitted'),
    replicates: Count.min(1),
    /** Throughput on one core by the law, per second. */
    lambda: z.number().positive(),
    /** Contention: the share of work that is done one after the other. */
    alpha: LawParameter,
    /** Coherency: the cost of keeping cores in step, for each pair of them. */
    beta: LawParameter,
    /** Cores at the peak of the law; a value of null is none: throughput never turns. */
    peakCores: z.strictObject({ value: z.number().positive().nullable(), interval: OpenInterval.nullable() }),
  }),
  z.strictObject({ outcome: z.literal('refused'), reason: z.string() }),
]);
export type ScalabilityLaw = z.infer<typeof ScalabilityLaw>;

/** One target on three numbers of cores or more, all else the same. */
export const CoreSweep = z.strictObject({
  /** The comparison on the fewest cores, by which the sweep is named. */
  id: ComparisonId,
  workloadId: z.string(),
  targetId: TargetId,
  /** By ascending number of cores. */
  levels: z.array(SweepLevel).min(3),
  law: ScalabilityLaw,
});
export type CoreSweep = z.infer<typeof CoreSweep>;

/** What the host itself showed with the fixed spin kernel in independent processes. */
export const ParallelCapacity = z.strictObject({
  cores: Count.min(1),
  readings: z.array(z.number().positive()),
  mean: z.number().positive(),
  minimum: z.number().positive(),
  maximum: z.number().positive(),
});
export type ParallelCapacity = z.infer<typeof ParallelCapacity>;

/** A claim judged on this host. */
export const JudgedClaim = z.strictObject({
  id: z.string(),
  sentence: z.string(),
  outcome: z.enum(['holds', 'does-not-hold', 'cannot-tell']),
  /** The figures behind it, or why it cannot be told. */
  reason: z.string(),
  stamps: z.array(Stamp),
});
export type JudgedClaim = z.infer<typeof JudgedClaim>;

/** One row of the table of trials: every attempt, whatever its state. */
export const TrialRow = z.strictObject({
  trialId: TrialId,
  attempt: Count.min(1),
  comparisonId: ComparisonId,
  replicate: Count.min(1),
  targetId: TargetId,
  role: z.enum(['target', 'alias']),
  state: z.enum(['ok', 'failed', 'invalid', 'skipped', 'not-run', 'interrupted']),
  cause: Cause.nullable(),
  /** One line: what happened, and the remedy where there is one. */
  detail: z.string(),
  throughput: z.number().nonnegative().nullable(),
  responseTimeP50Seconds: z.number().nonnegative().nullable(),
  cpuPerRequestSeconds: z.number().nonnegative().nullable(),
  rssPeakBytes: z.number().nonnegative().nullable(),
  /** Mean burst of the canary over its calm level on the target's slowest core: 1 is calm. Null where it was not read. */
  coreSlowness: z.number().positive().nullable(),
  /** Start of the server to its first correct answer. */
  timeToReadySeconds: z.number().nonnegative().nullable(),
  /** What only the account of a container's control group tells, and who gave it; null where the server had none. */
  group: z
    .strictObject({
      source: Resources.shape.source,
      /** Memory charged at the window's end apart from page cache. */
      workingSetBytes: z.number().nonnegative(),
    })
    .nullable(),
});
export type TrialRow = z.infer<typeof TrialRow>;

/** Everything derived from a run: made from files alone, shown by terminal, page, charts and exports. */
export const Analysis = z
  .strictObject({
    schemaVersion: z.string(),
    runId: RunId,
    planHash: Digest,
    experiment: z.strictObject({ id: z.string(), version: Count, title: z.string(), question: z.string() }),
    baseline: TargetId,
    replicates: Count,
    stamps: z.array(Stamp),
    hostClassReasons: z.array(z.string()),
    complete: z.boolean(),
    targets: z.array(PlannedTarget),
    comparisons: z.array(AnalysedComparison),
    leftOut: z.array(z.strictObject({ comparisonId: ComparisonId, reason: z.string() })),
    /** On the largest number of cores of the run. */
    parallelCapacity: ParallelCapacity.nullable(),
    /** On each number of cores where it was measured, ascending. */
    parallelCapacities: z.array(ParallelCapacity),
    scaling: z.array(Scaling),
    /** Every target of every workload that was measured on three numbers of cores or more. */
    sweeps: z.array(CoreSweep),
    claims: z.array(JudgedClaim),
    states: StateCounts,
    trials: z.array(TrialRow),
    /** What to read first: verdicts and claims in words. */
    sentences: z.array(z.string()),
  })
  .meta({ id: 'analysis', title: 'Analysis of a run' });
export type Analysis = z.infer<typeof Analysis>;
