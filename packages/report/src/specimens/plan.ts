import {
  type Claim,
  digestOf,
  formatVersion,
  Plan,
  type PlannedBlock,
  type PlannedComparison,
  type PlannedTarget,
  seconds,
} from '@photofinish/schema';
import { draws } from './draws.ts';

/** What varies between specimens. */
interface PlanOptions {
  readonly targets: readonly PlannedTarget[];
  readonly replicates: number;
  /** Cores of the largest comparison. */
  readonly cores: number;
  readonly question: string;
}

const metrics: PlannedComparison['metrics'] = [
  { metric: 'throughput', margin: 0.05 },
  { metric: 'cpu-per-request', margin: 0.05 },
  { metric: 'response-time-p50', margin: 0.1 },
  { metric: 'memory', margin: 0.1 },
];

function comparison(
  id: string,
  title: string,
  kind: 'io' | 'cpu',
  cores: number,
  connections: number,
): PlannedComparison {
  const isWait = kind === 'io';
  return {
    id,
    title,
    workload: {
      id: isWait ? 'timer' : 'spin',
      version: 1,
      kind,
      parameters: isWait ? { ms: 50 } : { n: 5_000_000 },
      path: isWait ? '/timer?ms=50' : '/cpu/spin?n=5000000',
      expected: {
        status: 200,
        contentType: isWait ? 'application/json' : 'text/plain',
        body: isWait ? '{"ms":50}' : '6648fc4f',
      },
      waitSeconds: seconds(isWait ? 0.05 : 0),
    },
    targetCores: Array.from({ length: cores }, (_unused, index) => index),
    targetPhysicalCores: cores,
    generatorCores: [6, 7],
    helperCores: [6, 7],
    harnessCores: [6, 7],
    idleCores: [],
    sharesCores: false,
    sharesPhysicalCores: false,
    sizes: { threads: 32, cpuPool: cores },
    load: {
      arrivals: { loop: 'closed', connections, rampSeconds: seconds(0.25) },
      keepAlive: true,
      warmup: { minimumSeconds: seconds(1), minimumResponses: 500, maximumSeconds: seconds(4) },
      window: { seconds: seconds(2), minimumResponses: 200, maximumSeconds: seconds(6) },
      drain: { maximumSeconds: seconds(5) },
      timeoutSeconds: seconds(10),
    },
    metrics,
  };
}

const claims: Claim[] = [
  {
    rule: 'ceiling',
    id: 'timer-loop',
    sentence: 'One event loop holds every waiting request at once: throughput reaches connections divided by the wait.',
    comparison: 'timer-wait',
    targets: ['node/async-await', 'go/goroutines', 'java/virtual-threads'],
    ceiling: 'connections',
    tolerance: 0.1,
  },
  {
    rule: 'ceiling',
    id: 'timer-threads',
    sentence: 'A pool of T threads holds T waiting requests and no more: throughput is T divided by the wait.',
    comparison: 'timer-wait',
    targets: ['python/threads'],
    ceiling: 'threads',
    tolerance: 0.1,
  },
  {
    rule: 'ceiling',
    id: 'timer-platform-pool',
    sentence: 'A pool of platform threads holds as many waiting requests as there are connections.',
    comparison: 'timer-wait',
    targets: ['java/platform-pool'],
    ceiling: 'connections',
    tolerance: 0.1,
  },
  {
    rule: 'speedup',
    id: 'threads-gil',
    sentence: 'Python threads gain nothing from more cores on CPU-bound work.',
    from: 'spin-one-core',
    to: 'spin-all-cores',
    targets: ['python/threads'],
    atMost: 1.1,
  },
  {
    rule: 'speedup',
    id: 'processes-scale',
    sentence: 'The same server in several processes does gain.',
    from: 'spin-one-core',
    to: 'spin-all-cores',
    targets: ['python/multiprocessing'],
    atLeastShareOfCapacity: 0.8,
  },
];

function blocksOf(planned: readonly PlannedComparison[], { targets, replicates }: PlanOptions): PlannedBlock[] {
  const draw = draws(7);
  const present = targets.filter(({ absence }) => absence === null);
  return planned.flatMap(({ id }) =>
    Array.from({ length: replicates }, (_unused, index): PlannedBlock => {
      const blockId = `${id}.b${String(index + 1).padStart(2, '0')}`;
      const alias = present[index % present.length] as PlannedTarget;
      const roles = [
        ...present.map((target) => ({ target, role: 'target' as const })),
        { target: alias, role: 'alias' as const },
      ];
      const order = roles.map((role) => ({ ...role, key: draw() })).sort((a, b) => a.key - b.key);
      return {
        blockId,
        comparisonId: id,
        replicate: index + 1,
        trials: order.map(({ target, role }, position) => ({
          trialId: `${blockId}.t${String(position + 1).padStart(2, '0')}`,
          cellId: digestOf([id, target.targetId]).slice(0, 16),
          targetId: target.targetId,
          role,
          seed: 1000 + index,
        })),
      };
    }),
  );
}

/** A plan of the shape that `quick` has: one wait and one kernel, the kernel on one core and, where there are more, on all. */
export function specimenPlan(options: PlanOptions): Plan {
  const { cores, replicates, targets, question } = options;
  const comparisons = [
    comparison('timer-wait', 'Waiting 50 ms, one core', 'io', 1, 256),
    comparison('spin-one-core', 'Computing 5 ms, one core', 'cpu', 1, 16),
    ...(cores > 1 ? [comparison('spin-all-cores', `Computing 5 ms, ${cores} cores`, 'cpu', cores, 16 * cores)] : []),
  ];
  const body = {
    schemaVersion: formatVersion,
    seed: 20_261_122,
    experiment: {
      id: 'quick',
      version: 1,
      title: 'Which concurrency model waits and computes best?',
      question,
      claims,
      errorLimit: 0.001,
      retryBudget: 2,
    },
    engine: 'local',
    placement: { network: 'loopback', topology: 'same-host', limits: null },
    baseline: 'node/async-await',
    replicates,
    minimumBlocks: 3,
    provisional: replicates < 10,
    grantedCores: Array.from({ length: Math.max(cores, 1) }, (_unused, index) => index),
    loadCores: null,
    targets: [...targets],
    comparisons,
    leftOut:
      cores > 1
        ? []
        : [{ comparisonId: 'spin-all-cores', reason: 'one core is granted: there is no second level to scale to' }],
    blocks: blocksOf(comparisons, options),
    estimateSeconds: 140,
  };
  return Plan.parse({ ...body, hash: digestOf(body) });
}
