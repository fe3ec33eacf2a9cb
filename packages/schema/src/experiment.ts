import { z } from 'zod';
import { ComparisonId, ExperimentId, TargetId, WorkloadId } from './ids.ts';
import { LoadSpecification } from './load.ts';
import { Count } from './units.ts';

/** A metric a verdict can be given on. Higher is better for `throughput` only. */
export const Metric = z.enum(['throughput', 'cpu-per-request', 'response-time-p50', 'response-time-p99', 'memory']);
export type Metric = z.infer<typeof Metric>;

/** A metric with the difference declared beforehand to be too small to matter, as a fraction. */
export const JudgedMetric = z.strictObject({ metric: Metric, margin: z.number().positive().max(1) });
export type JudgedMetric = z.infer<typeof JudgedMetric>;

/** Sizes a plan gives to every target. `cores` stands for the number of granted cores. */
export const Sizes = z.strictObject({
  threads: Count.min(1),
  cpuPool: z.union([Count.min(1), z.literal('cores')]),
});
export type Sizes = z.infer<typeof Sizes>;

/** One workload at one level over all its targets. */
export const ComparisonDefinition = z.strictObject({
  id: ComparisonId,
  title: z.string().min(1).max(120),
  workload: z.strictObject({ id: WorkloadId, parameters: z.record(z.string(), z.number()) }),
  /** Cores for the target: a number, all the host grants, or `sweep`: a comparison each on 1, 2, 4, ... and all of them. */
  cores: z.union([Count.min(1), z.literal('all'), z.literal('sweep')]),
  /** Load; `connectionsPerCore` multiplies with the granted cores and replaces the number of connections and, where it is less, of responses in warm-up. */
  load: LoadSpecification,
  connectionsPerCore: Count.min(1).optional(),
  metrics: z.array(JudgedMetric).min(1),
});
export type ComparisonDefinition = z.infer<typeof ComparisonDefinition>;

/** A sentence with a metric, a bound and a rule, written before measuring. */
export const Claim = z.discriminatedUnion('rule', [
  z.strictObject({
    /** Throughput lies within `tolerance` of a ceiling that arithmetic gives (Little's law). */
    rule: z.literal('ceiling'),
    id: z.string(),
    sentence: z.string(),
    comparison: ComparisonId,
    targets: z.array(TargetId).min(1),
    /** `connections`: connections / delay; `threads`: threads / delay. */
    ceiling: z.enum(['connections', 'threads']),
    tolerance: z.number().positive().max(1),
  }),
  z.strictObject({
    /** Speedup between two comparisons of the same workload, against a bound. Gated by the host's parallel capacity. */
    rule: z.literal('speedup'),
    id: z.string(),
    sentence: z.string(),
    from: ComparisonId,
    to: ComparisonId,
    targets: z.array(TargetId).min(1),
    /** Holds when the speedup is at most this number, */
    atMost: z.number().positive().optional(),
    /** or at least this share of the parallel capacity. */
    atLeastShareOfCapacity: z.number().positive().optional(),
  }),
]);
export type Claim = z.infer<typeof Claim>;

/** A question as data: workloads x targets x levels plus claims. */
export const Experiment = z
  .strictObject({
    id: ExperimentId,
    version: Count.min(1),
    title: z.string().min(1).max(120),
    /** The question in one sentence; the README of the experiment has it in words. */
    question: z.string().min(1).max(400),
    /** Targets measured by default, and all it can take. */
    defaultTargets: z.array(TargetId).min(2),
    allTargets: z.array(TargetId).min(2),
    /** Every ratio is target over this one. */
    baseline: TargetId,
    /** The target measured a second time in each block as its own rival: a fixed one, or a different one in each block. */
    alias: z.union([z.literal('rotating'), TargetId]),
    sizes: Sizes,
    blocks: z.strictObject({
      default: Count.min(1),
      /** Fewer blocks than this are stamped provisional. */
      provisionalBelow: Count,
      /** Fewer valid blocks than this give no verdict. */
      minimum: Count.min(2),
    }),
    comparisons: z.array(ComparisonDefinition).min(1),
    claims: z.array(Claim),
    /** Statuses that are answers here, not errors. */
    expectedStatuses: z.array(z.number().int()),
    /** Largest share of errored requests a trial may have and stay `ok`. */
    errorLimit: z.number().min(0).max(1),
    /** How often an `invalid` trial is repeated. */
    retryBudget: Count,
  })
  .meta({ id: 'experiment', title: 'Experiment' });
export type Experiment = z.infer<typeof Experiment>;
