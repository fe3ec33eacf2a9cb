import { z } from 'zod';
import { Cause } from './cause.ts';
import { Claim, JudgedMetric, type Metric } from './experiment.ts';
import {
  BlockId,
  CellId,
  ComparisonId,
  Digest,
  ExperimentId,
  RuntimeId,
  TargetId,
  TrialId,
  WorkloadId,
} from './ids.ts';
import { ExpectedAnswer, LoadSpecification } from './load.ts';
import { Placement } from './placement.ts';
import { RuntimeManifest } from './runtime-manifest.ts';
import { Count, Seconds } from './units.ts';

/** A target as the plan found it: it will be measured, or why not. */
export const PlannedTarget = z.strictObject({
  targetId: TargetId,
  runtimeId: RuntimeId,
  runtimeName: z.string(),
  modelTitle: z.string(),
  colour: RuntimeManifest.shape.colour,
  /** Position of the model in its runtime's manifest: fixes marker and dash. */
  modelIndex: Count,
  /** Whether its request threads are sized by `THREADS`. */
  hasThreadPool: z.boolean(),
  /** Its warm-up is at least this long, seconds, whatever the load says: the declared need of its runtime. */
  warmupSeconds: Seconds,
  /** The image it is started from, by content; null where it is a process. */
  image: z.strictObject({ reference: z.string(), id: z.string().regex(/^sha256:[0-9a-f]{64}$/) }).nullable(),
  /** The toolchain it is built with and runs on, e.g. `Go 1.26.8`; null when none was found. */
  toolchain: z.string().nullable(),
  /** Null when it will be measured. */
  absence: z.strictObject({ cause: Cause, reason: z.string(), remedy: z.string() }).nullable(),
});
export type PlannedTarget = z.infer<typeof PlannedTarget>;

/** One comparison with its levels resolved for the host. */
export const PlannedComparison = z.strictObject({
  id: ComparisonId,
  title: z.string(),
  workload: z.strictObject({
    id: WorkloadId,
    version: Count.min(1),
    kind: z.enum(['io', 'cpu']),
    parameters: z.record(z.string(), z.number()),
    path: z.string(),
    expected: ExpectedAnswer,
    /** Time the server waits by definition, seconds; 0 where it computes. */
    waitSeconds: Seconds,
  }),
  /** Host core numbers given to the target. */
  targetCores: z.array(Count).min(1),
  /** Physical cores behind `targetCores`: fewer than those where the target has SMT siblings. */
  targetPhysicalCores: Count.min(1),
  /** Host core numbers of the load generator; of the generator's host where there are two. */
  generatorCores: z.array(Count).min(1),
  /** Host core numbers of what servers ask in turn (upstream stub, database); of the generator's host where there are two. */
  helperCores: z.array(Count).min(1),
  /** Host core numbers of the harness, which is silent in a window; of the generator's host where there are two. */
  harnessCores: z.array(Count).min(1),
  /** Granted cores on which nothing is put: SMT siblings of busy cores, and what this level does not need. */
  idleCores: z.array(Count),
  /** Whether the generator shares a core with the target. */
  sharesCores: z.boolean(),
  /** Whether the generator shares a physical core with the target, be it as its SMT sibling. */
  sharesPhysicalCores: z.boolean(),
  sizes: z.strictObject({ threads: Count.min(1), cpuPool: Count.min(1) }),
  load: LoadSpecification,
  metrics: z.array(JudgedMetric).min(1),
});
export type PlannedComparison = z.infer<typeof PlannedComparison>;

/** One trial to be: a target of a block at its place in the random order. */
export const PlannedTrial = z.strictObject({
  trialId: TrialId,
  cellId: CellId,
  targetId: TargetId,
  role: z.enum(['target', 'alias']),
  /** Seed of the load; the same for all trials of a block (common random numbers). */
  seed: z.number().int().nonnegative(),
});
export type PlannedTrial = z.infer<typeof PlannedTrial>;

/** Every measured target of one comparison once, plus the A/A alias, in seeded random order; never split. */
export const PlannedBlock = z.strictObject({
  blockId: BlockId,
  comparisonId: ComparisonId,
  replicate: Count.min(1),
  trials: z.array(PlannedTrial).min(2),
});
export type PlannedBlock = z.infer<typeof PlannedBlock>;

/** The ordered, seeded, hashed list of blocks. Equal inputs give equal bytes. */
export const Plan = z
  .strictObject({
    schemaVersion: z.string(),
    /** Digest of everything else in the plan. */
    hash: Digest,
    seed: z.number().int().nonnegative(),
    experiment: z.strictObject({
      id: ExperimentId,
      version: Count.min(1),
      title: z.string(),
      question: z.string(),
      claims: z.array(Claim),
      errorLimit: z.number(),
      retryBudget: Count,
    }),
    engine: z.enum(['local', 'docker', 'mock']),
    placement: Placement,
    baseline: TargetId,
    replicates: Count.min(1),
    minimumBlocks: Count,
    provisional: z.boolean(),
    /** Cores the plan may use on the host that holds the targets. */
    grantedCores: z.array(Count).min(1),
    /** Cores the load generator may use on its own host; null where it shares the targets' host. */
    loadCores: z.array(Count).min(1).nullable(),
    targets: z.array(PlannedTarget).min(1),
    comparisons: z.array(PlannedComparison).min(1),
    /** Comparisons the host cannot hold, with the reason. */
    leftOut: z.array(z.strictObject({ comparisonId: ComparisonId, reason: z.string() })),
    blocks: z.array(PlannedBlock),
    /** Estimated length of the measurement, seconds. */
    estimateSeconds: Seconds,
  })
  .meta({ id: 'plan', title: 'Plan' });
export type Plan = z.infer<typeof Plan>;

/** A metric's name for people, its unit and which direction is better. */
export const metricFacts: Record<
  Metric,
  { title: string; unit: 'per-second' | 'seconds' | 'bytes'; better: 'higher' | 'lower' }
> = {
  throughput: { title: 'throughput', unit: 'per-second', better: 'higher' },
  'cpu-per-request': { title: 'CPU cost per request', unit: 'seconds', better: 'lower' },
  'response-time-p50': { title: 'median response time', unit: 'seconds', better: 'lower' },
  'response-time-p99': { title: 'p99 response time', unit: 'seconds', better: 'lower' },
  memory: { title: 'peak memory', unit: 'bytes', better: 'lower' },
};
