import {
  cores,
  digestOf,
  type Experiment,
  formatVersion,
  type LoadSpecification,
  Plan,
  type PlannedBlock,
  type PlannedComparison,
  type PlannedTarget,
  type PlannedTrial,
  type Sizes,
  seconds,
  UsageError,
} from '@photofinish/schema';
import { findWorkload } from '@photofinish/workloads';
import { grantCores } from './cores.ts';
import { type RandomSource, randomSource, shuffled } from './random.ts';
import { expandSweep, type LevelledComparison } from './sweep.ts';

/** What a plan is made from, beside the experiment. */
export interface PlanOptions {
  /** The targets asked for, each with its absence where it cannot be measured here. */
  readonly targets: readonly PlannedTarget[];
  readonly blocks: number;
  readonly seed: number;
  /** Core numbers the run may use. */
  readonly grantedCores: readonly number[];
  /** Core numbers of the load generator's own host; null where it shares the targets' host. */
  readonly loadCores: readonly number[] | null;
  readonly engine: Plan['engine'];
  readonly placement: Plan['placement'];
}

/**
 * The ordered list of blocks of an experiment: pure and seeded, so that equal inputs give equal bytes. Throws `UsageError` when fewer than
 * one block is asked for. A plan without a target that can be measured has no blocks.
 */
export function makePlan(experiment: Experiment, options: PlanOptions): Plan {
  const resolved = experiment.comparisons
    .flatMap((definition) => expandSweep(definition, options.grantedCores))
    .map((definition) => resolveComparison(experiment, definition, options));
  const comparisons = resolved.filter((comparison) => 'targetCores' in comparison);
  const leftOut = resolved.filter((comparison) => 'reason' in comparison);
  const measured = options.targets.filter((target) => target.absence === null);
  requireBlocks(experiment, options.blocks);
  const random = randomSource(options.seed);
  const blocks = replicates(options.blocks).flatMap((replicate) =>
    shuffled(comparisons, random).map((comparison) =>
      makeBlock(experiment, comparison, measured, replicate, options, random),
    ),
  );
  const body = {
    schemaVersion: formatVersion,
    seed: options.seed,
    experiment: {
      id: experiment.id,
      version: experiment.version,
      title: experiment.title,
      question: experiment.question,
      claims: claimsAbout(experiment, options.targets),
      errorLimit: experiment.errorLimit,
      retryBudget: experiment.retryBudget,
    },
    engine: options.engine,
    placement: options.placement,
    baseline: baselineOf(experiment, measured),
    replicates: options.blocks,
    minimumBlocks: experiment.blocks.minimum,
    provisional: options.blocks < experiment.blocks.provisionalBelow,
    grantedCores: [...options.grantedCores],
    loadCores: options.loadCores === null ? null : [...options.loadCores],
    targets: [...options.targets],
    comparisons,
    leftOut,
    blocks,
    estimateSeconds: seconds(estimate(comparisons, blocks)),
  };
  return Plan.parse({ ...body, hash: digestOf(body) });
}

const replicates = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

function requireBlocks(experiment: Experiment, blocks: number): void {
  if (Number.isInteger(blocks) && blocks >= 1) return;
  throw new UsageError('E_BLOCKS', {
    what: 'A plan needs at least one block.',
    given: String(blocks),
    allowed: `whole numbers from 1; ${experiment.blocks.default} by default`,
    remedy: `Ask for --blocks ${experiment.blocks.default}.`,
  });
}

/** The claims all of whose targets were asked for; an absent target was asked for too. */
function claimsAbout({ claims }: Experiment, targets: readonly PlannedTarget[]): Experiment['claims'] {
  const asked = new Set(targets.map(({ targetId }) => targetId));
  return claims.filter((claim) => claim.targets.every((targetId) => asked.has(targetId)));
}

/** The experiment's baseline where it can be measured, else the first target that can, so that ratios have a name. */
function baselineOf(experiment: Experiment, measured: readonly PlannedTarget[]): string {
  const wanted = measured.some((target) => target.targetId === experiment.baseline);
  return wanted ? experiment.baseline : (measured[0]?.targetId ?? experiment.baseline);
}

function resolveComparison(
  experiment: Experiment,
  definition: LevelledComparison,
  options: PlanOptions,
): PlannedComparison | Plan['leftOut'][number] {
  const grant = grantCores(options.grantedCores, definition.cores);
  if (typeof grant === 'string') return { comparisonId: definition.id, reason: grant };
  const workload = findWorkload(definition.workload.id);
  const { parameters } = definition.workload;
  return {
    id: definition.id,
    title: definition.title,
    workload: {
      id: workload.id,
      version: workload.version,
      kind: workload.kind,
      parameters,
      path: workload.request(parameters).path,
      expected: workload.expected(parameters),
      waitSeconds: workload.waitSeconds(parameters),
    },
    ...grant,
    sizes: resolveSizes(experiment.sizes, grant.targetCores.length),
    load: resolveLoad(definition, grant.targetCores.length),
    metrics: definition.metrics,
  };
}

function resolveSizes(sizes: Sizes, granted: number): PlannedComparison['sizes'] {
  return { threads: sizes.threads, cpuPool: sizes.cpuPool === 'cores' ? cores(granted) : sizes.cpuPool };
}

function resolveLoad(definition: LevelledComparison, granted: number): LoadSpecification {
  const { load, connectionsPerCore } = definition;
  if (connectionsPerCore === undefined) return load;
  const connections = connectionsPerCore * granted;
  const minimumResponses = Math.max(load.warmup.minimumResponses, connections);
  return { ...load, arrivals: { ...load.arrivals, connections }, warmup: { ...load.warmup, minimumResponses } };
}

function makeBlock(
  experiment: Experiment,
  comparison: PlannedComparison,
  measured: readonly PlannedTarget[],
  replicate: number,
  options: PlanOptions,
  random: RandomSource,
): PlannedBlock {
  const blockId = `${comparison.id}.b${String(replicate).padStart(2, '0')}`;
  const seed = random.between(0, 0x7fff_ffff);
  const entries = [
    ...measured.map((target) => ({ target, role: 'target' as const })),
    ...aliasOf(experiment, measured, replicate).map((target) => ({ target, role: 'alias' as const })),
  ];
  const trials = shuffled(entries, random).map(
    ({ target, role }, position): PlannedTrial => ({
      trialId: `${blockId}.t${String(position + 1).padStart(2, '0')}`,
      cellId: cellIdOf(comparison, target, options),
      targetId: target.targetId,
      role,
      seed,
    }),
  );
  return { blockId, comparisonId: comparison.id, replicate, trials };
}

/** The A/A alias of a block: the experiment's own choice, or each measured target in turn; the first one where the choice is absent. */
function aliasOf(experiment: Experiment, measured: readonly PlannedTarget[], replicate: number): PlannedTarget[] {
  const wanted = measured.find((target) => target.targetId === experiment.alias);
  const alias = experiment.alias === 'rotating' ? measured[(replicate - 1) % measured.length] : (wanted ?? measured[0]);
  return alias === undefined ? [] : [alias];
}

/** What must be equal for two cells to be compared, and the target itself (design section 4). */
function cellIdOf(
  comparison: PlannedComparison,
  { targetId, warmupSeconds, image }: PlannedTarget,
  { engine, placement }: PlanOptions,
): string {
  const { workload, load, sizes, targetCores, sharesCores } = comparison;
  const { id, version, parameters } = workload;
  return digestOf({
    targetId,
    warmupSeconds,
    imageId: image?.id ?? null,
    placement,
    engine,
    workload: { id, version, parameters },
    load,
    sizes,
    cores: targetCores.length,
    sharesCores,
  }).slice(0, 16);
}

/** Typical seconds of a trial beside its load: start, verify, stop and the readings around them. */
const trialOverheadSeconds = 1;

/** Seconds the blocks will take when every window has its shortest length; slow targets take longer. */
function estimate(comparisons: readonly PlannedComparison[], blocks: readonly PlannedBlock[]): number {
  const perTrial = new Map(
    comparisons.map(({ id, load }) => [id, trialOverheadSeconds + load.warmup.minimumSeconds + load.window.seconds]),
  );
  return blocks.reduce((sum, block) => sum + block.trials.length * (perTrial.get(block.comparisonId) ?? 0), 0);
}
