import {
  digestOf,
  type Experiment,
  formatVersion,
  Plan,
  type PlannedBlock,
  type PlannedComparison,
  type PlannedTarget,
  type PlannedTrial,
  seconds,
  type TopologyCore,
  UsageError,
} from '@photofinish/schema';
import { resolveComparisons } from './comparisons.ts';
import { seatCores } from './cores.ts';
import { type RandomSource, randomSource, shuffled } from './random.ts';

/** What a plan is made from, beside the experiment. */
export interface PlanOptions {
  /** The targets asked for, each with its absence where it cannot be measured here. */
  readonly targets: readonly PlannedTarget[];
  readonly blocks: number;
  readonly seed: number;
  /** Core numbers the run may use on the host that holds the targets. */
  readonly grantedCores: readonly number[];
  /** The cores of that host as its kernel describes them; `plainTopology` where it does not. */
  readonly topology: readonly TopologyCore[];
  /** Core numbers of the load generator's own host; null where it shares the targets' host. */
  readonly loadCores: readonly number[] | null;
  /** Whether every comparison of the experiment is made at 1, 2, 4, ... and all cores, whatever number of cores it names. */
  readonly sweepCores: boolean;
  readonly engine: Plan['engine'];
  readonly placement: Plan['placement'];
}

/**
 * The ordered list of blocks of an experiment: pure and seeded, so that equal inputs give equal bytes. Throws `UsageError` when fewer than
 * one block is asked for, and `EnvironmentError` for granted cores this host does not have (`E_CORES_UNKNOWN`) or where none of the comparisons
 * fits on those granted (`E_CORES_TOO_FEW`). A plan without a target that can be measured has no blocks.
 */
export function makePlan(experiment: Experiment, options: PlanOptions): Plan {
  const seats = seatCores(options.topology, options.grantedCores, options.loadCores);
  const { comparisons, leftOut, claims } = resolveComparisons(experiment, seats, options.sweepCores);
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
      claims: claimsAbout(claims, options.targets),
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
function claimsAbout(claims: Experiment['claims'], targets: readonly PlannedTarget[]): Experiment['claims'] {
  const asked = new Set(targets.map(({ targetId }) => targetId));
  return claims.filter((claim) => claim.targets.every((targetId) => asked.has(targetId)));
}

/** The experiment's baseline where it can be measured, else the first target that can, so that ratios have a name. */
function baselineOf(experiment: Experiment, measured: readonly PlannedTarget[]): string {
  const wanted = measured.some((target) => target.targetId === experiment.baseline);
  return wanted ? experiment.baseline : (measured[0]?.targetId ?? experiment.baseline);
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
  const { workload, load, sizes, targetCores, targetPhysicalCores, sharesCores, sharesPhysicalCores } = comparison;
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
    physicalCores: targetPhysicalCores,
    sharesCores,
    sharesPhysicalCores,
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
