import { type Experiment, type PlannedTarget, seconds } from '@photofinish/schema';

/** A target as a plan finds it, for tests. */
export function specimenTarget(targetId: string, changes: Partial<PlannedTarget> = {}): PlannedTarget {
  const [runtimeId = ''] = targetId.split('/');
  return {
    targetId,
    runtimeId,
    runtimeName: runtimeId,
    modelTitle: 'a model',
    colour: 'blue',
    modelIndex: 0,
    hasThreadPool: false,
    warmupSeconds: seconds(0),
    image: null,
    toolchain: 'Tool 1.0',
    absence: null,
    ...changes,
  };
}

const load = {
  arrivals: { loop: 'closed' as const, connections: 16, rampSeconds: seconds(0.5) },
  keepAlive: true as const,
  warmup: { minimumSeconds: seconds(0.5), minimumResponses: 16, maximumSeconds: seconds(4) },
  window: { seconds: seconds(1), minimumResponses: 20, maximumSeconds: seconds(3) },
  drain: { maximumSeconds: seconds(5) },
  timeoutSeconds: seconds(10),
};

/** A small experiment of two comparisons, for tests. */
export const specimenExperiment: Experiment = {
  id: 'specimen',
  version: 1,
  title: 'A specimen',
  question: 'What does a test ask?',
  defaultTargets: ['node/async-await', 'go/goroutines'],
  allTargets: ['node/async-await', 'go/goroutines', 'python/threads'],
  baseline: 'node/async-await',
  alias: 'node/async-await',
  sizes: { threads: 64, cpuPool: 'cores' },
  blocks: { default: 3, provisionalBelow: 10, minimum: 3 },
  comparisons: [
    {
      id: 'timer',
      title: 'Waiting',
      workload: { id: 'timer', parameters: { ms: 50 } },
      cores: 1,
      load,
      metrics: [{ metric: 'throughput', margin: 0.05 }],
    },
    {
      id: 'spin-all-cores',
      title: 'Computing on all cores',
      workload: { id: 'cpu-spin', parameters: { n: 1000 } },
      cores: 'all',
      connectionsPerCore: 16,
      load,
      metrics: [{ metric: 'throughput', margin: 0.05 }],
    },
  ],
  claims: [],
  expectedStatuses: [200],
  errorLimit: 0.001,
  retryBudget: 2,
};
