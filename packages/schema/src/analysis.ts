import { z } from 'zod';
import { Cause } from './cause.ts';
import { Metric } from './experiment.ts';
import { ComparisonId, Digest, RunId, TargetId, TrialId } from './ids.ts';
import { PlannedTarget } from './plan.ts';
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
    parallelCapacity: ParallelCapacity.nullable(),
    scaling: z.array(Scaling),
    claims: z.array(JudgedClaim),
    states: StateCounts,
    trials: z.array(TrialRow),
    /** What to read first: verdicts and claims in words. */
    sentences: z.array(z.string()),
  })
  .meta({ id: 'analysis', title: 'Analysis of a run' });
export type Analysis = z.infer<typeof Analysis>;
