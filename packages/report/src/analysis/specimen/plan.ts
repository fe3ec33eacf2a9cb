import {
  digestOf,
  formatVersion,
  type JudgedMetric,
  Plan,
  type PlannedBlock,
  type PlannedComparison,
  type PlannedTarget,
  seconds,
} from '@photofinish/schema';
import { go, node, threads } from './names.ts';
import type { SpecimenOptions } from './options.ts';

const metrics: JudgedMetric[] = [
  { metric: 'throughput', margin: 0.05 },
  { metric: 'cpu-per-request', margin: 0.05 },
  { metric: 'response-time-p50', margin: 0.1 },
  { metric: 'memory', margin: 0.1 },
];

/** A comparison of the shape `quick` has: `io` waits 50 ms, `cpu` spins. */
export function specimenComparison(
  id: string,
  kind: 'io' | 'cpu',
  cores: number,
  change: Partial<PlannedComparison> = {},
): PlannedComparison {
  const isWait = kind === 'io';
  return {
    id,
    title: `${isWait ? 'Waiting 50 ms' : 'Computing'}, ${cores === 1 ? 'one core' : `${cores} cores`}`,
    workload: {
      id: isWait ? 'timer' : 'cpu-spin',
      version: 1,
      kind,
      parameters: isWait ? { ms: 50 } : { n: 5_000_000 },
      path: isWait ? '/timer?ms=50' : '/cpu/spin?n=5000000',
      expected: { status: 200, contentType: 'application/json', body: '{"ms":50}' },
      waitSeconds: seconds(isWait ? 0.05 : 0),
    },
    targetCores: Array.from({ length: cores }, (_unused, index) => index),
    targetPhysicalCores: cores,
    generatorCores: [cores],
    helperCores: [cores],
    harnessCores: [cores],
    idleCores: [],
    sharesCores: false,
    sharesPhysicalCores: false,
    sizes: { threads: 32, cpuPool: cores },
    load: {
      arrivals: { loop: 'closed', connections: isWait ? 256 : 16 * cores, rampSeconds: seconds(0.25) },
      keepAlive: true,
      warmup: { minimumSeconds: seconds(1), minimumResponses: 500, maximumSeconds: seconds(4) },
      window: { seconds: seconds(2), minimumResponses: 200, maximumSeconds: seconds(6) },
      drain: { maximumSeconds: seconds(5) },
      timeoutSeconds: seconds(10),
    },
    metrics,
    ...change,
  };
}

/** The plan of a specimen, parsed by its schema. */
export function specimenPlan(options: SpecimenOptions): Plan {
  const replicates = options.replicates ?? 5;
  const comparisons = options.comparisons ?? [specimenComparison('timer', 'io', 1)];
  const targets = (options.targets ?? [node, threads, go]).map((id, index) => plannedTarget(id, index, options));
  const body = {
    schemaVersion: formatVersion,
    seed: 1,
    experiment: {
      id: 'quick',
      version: 1,
      title: 'Quick',
      question: 'Which model waits and computes best?',
      claims: options.claims ?? [],
      errorLimit: 0.001,
      retryBudget: 2,
    },
    engine: 'mock',
    placement: { network: 'loopback', topology: 'same-host', limits: null },
    baseline: node,
    replicates,
    minimumBlocks: options.minimumBlocks ?? 3,
    provisional: options.provisional ?? false,
    grantedCores: [0, 1, 2, 3],
    loadCores: null,
    targets,
    comparisons,
    leftOut: options.leftOut ?? [],
    blocks: comparisons.flatMap(({ id }) => blocksOf(id, targets, replicates)),
    estimateSeconds: 60,
  };
  return Plan.parse({ ...body, hash: digestOf(body) });
}

function plannedTarget(targetId: string, index: number, { absences }: SpecimenOptions): PlannedTarget {
  const [runtimeId = '', modelId = ''] = targetId.split('/');
  return {
    targetId,
    runtimeId,
    runtimeName: runtimeId,
    modelTitle: modelId,
    colour: 'blue',
    modelIndex: index,
    hasThreadPool: targetId === threads,
    warmupSeconds: seconds(0),
    image: null,
    toolchain: `${runtimeId} 1.0`,
    absence: absences?.[targetId] ?? null,
  };
}

/** The alias changes from block to block, as `rotating` would have it. */
function blocksOf(comparisonId: string, targets: readonly PlannedTarget[], replicates: number): PlannedBlock[] {
  const present = targets.filter(({ absence }) => absence === null).map(({ targetId }) => targetId);
  return Array.from({ length: replicates }, (_unused, index) => {
    const blockId = `${comparisonId}.b${String(index + 1).padStart(2, '0')}`;
    const alias = present[index % present.length] ?? node;
    const roles = [
      ...present.map((targetId) => ({ targetId, role: 'target' as const })),
      { targetId: alias, role: 'alias' as const },
    ];
    return {
      blockId,
      comparisonId,
      replicate: index + 1,
      trials: roles.map(({ targetId, role }, position) => ({
        trialId: `${blockId}.t${String(position + 1).padStart(2, '0')}`,
        cellId: digestOf([comparisonId, targetId]).slice(0, 16),
        targetId,
        role,
        seed: index,
      })),
    };
  });
}
