import { type ComparisonDefinition, type Experiment, type LoadSpecification, seconds } from '@photofinish/schema';
import { claims } from './claims.ts';

/** Steps of the spin kernel in one request: 0.15 to 0.8 ms of V8, 10 to 20 ms of CPython. */
const spinSteps = 100_000;

/** Users who wait on the timer: four times the request threads, so that a pool of threads is seen as one. */
const parkedConnections = 256;

/** Connections per granted core on CPU work: enough that each of several processes gets some. */
const connectionsPerCore = 16;

const parkedLoad: LoadSpecification = {
  arrivals: { loop: 'closed', connections: parkedConnections, rampSeconds: seconds(0.25) },
  keepAlive: true,
  warmup: { minimumSeconds: seconds(0.5), minimumResponses: parkedConnections, maximumSeconds: seconds(3) },
  window: { seconds: seconds(1), minimumResponses: 1000, maximumSeconds: seconds(3) },
  drain: { maximumSeconds: seconds(5) },
  timeoutSeconds: seconds(10),
};

const spinLoad: LoadSpecification = {
  arrivals: { loop: 'closed', connections: connectionsPerCore, rampSeconds: seconds(2) },
  keepAlive: true,
  warmup: { minimumSeconds: seconds(0.4), minimumResponses: connectionsPerCore, maximumSeconds: seconds(4) },
  window: { seconds: seconds(1), minimumResponses: 40, maximumSeconds: seconds(3) },
  drain: { maximumSeconds: seconds(5) },
  timeoutSeconds: seconds(10),
};

/** Margins of the design: differences below these are too small to matter. */
const metrics: ComparisonDefinition['metrics'] = [
  { metric: 'throughput', margin: 0.05 },
  { metric: 'cpu-per-request', margin: 0.05 },
  { metric: 'response-time-p50', margin: 0.1 },
  { metric: 'memory', margin: 0.1 },
];

const spin = { id: 'cpu-spin', parameters: { n: spinSteps } };

/** The first look: one workload that waits and one that computes, on one core and on all. */
export const quick: Experiment = {
  id: 'quick',
  version: 1,
  title: 'A first look at waiting and computing',
  question:
    'How do concurrency models of Node.js, Python, Go and Java differ on requests that wait and on requests that compute, and what do they gain from more cores?',
  defaultTargets: [
    'node/async-await',
    'python/threads',
    'python/multiprocessing',
    'go/goroutines',
    'java/virtual-threads',
  ],
  allTargets: [
    'node/async-await',
    'node/cluster',
    'python/threads',
    'python/multiprocessing',
    'python/asyncio',
    'go/goroutines',
    'java/platform-pool',
    'java/virtual-threads',
  ],
  baseline: 'node/async-await',
  alias: 'node/async-await',
  sizes: { threads: 64, cpuPool: 'cores' },
  blocks: { default: 3, provisionalBelow: 10, minimum: 3 },
  comparisons: [
    {
      id: 'timer',
      title: 'Waiting 50 ms, on one core',
      workload: { id: 'timer', parameters: { ms: 50 } },
      cores: 1,
      load: parkedLoad,
      metrics: [...metrics, { metric: 'response-time-p99', margin: 0.1 }],
    },
    {
      id: 'spin-one-core',
      title: 'Computing, on one core',
      workload: spin,
      cores: 1,
      load: spinLoad,
      connectionsPerCore,
      metrics,
    },
    {
      id: 'spin-all-cores',
      title: 'Computing, on all cores',
      workload: spin,
      cores: 'all',
      load: spinLoad,
      connectionsPerCore,
      metrics,
    },
  ],
  claims,
  expectedStatuses: [200],
  errorLimit: 0.001,
  retryBudget: 2,
};
