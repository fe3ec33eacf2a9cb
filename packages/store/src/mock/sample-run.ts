import {
  type Clock,
  digestOf,
  type Environment,
  formatVersion,
  localAccount,
  type Plan,
  type PlannedBlock,
  seconds,
} from '@photofinish/schema';

/** A clock that moves one second at every reading. */
export function tickingClock(): Clock {
  let ticks = 0;
  return {
    now: () => seconds(ticks++),
    wall: () => new Date(Date.UTC(2026, 0, 31, 12, 0, ticks++)),
    sleep: async () => {},
    after: () => () => {},
  };
}

const experimentId = 'quick';
const comparisonId = 'timer';
/** Connections of the sample's load. */
export const connections = 10;
const waitSeconds = seconds(0.05);

const block = (replicate: number): PlannedBlock => {
  const blockId = `${comparisonId}.b0${replicate}`;
  const trial = (position: number, targetId: string, cellId: string) => ({
    trialId: `${blockId}.t0${position}`,
    cellId,
    targetId,
    role: 'target' as const,
    seed: replicate,
  });
  return {
    blockId,
    comparisonId,
    replicate,
    trials: [trial(1, 'node/async-await', '00000000000000a1'), trial(2, 'python/threads', '00000000000000b2')],
  };
};

const planned = (targetId: string, runtimeName: string, colour: Plan['targets'][number]['colour']) => ({
  targetId,
  runtimeId: targetId.split('/')[0] ?? '',
  runtimeName,
  modelTitle: 'one process',
  colour,
  modelIndex: 0,
  hasThreadPool: false,
  warmupSeconds: seconds(0),
  image: null,
  toolchain: `${runtimeName} 1.0`,
  absence: null,
});

/** A plan of `blocks` blocks with two trials each. */
export function samplePlan(blocks = 2): Plan {
  const rest: Omit<Plan, 'hash'> = {
    schemaVersion: formatVersion,
    seed: 7,
    experiment: {
      id: experimentId,
      version: 1,
      title: 'Quick',
      question: 'How many requests can one thread hold while they wait?',
      claims: [],
      errorLimit: 0.01,
      retryBudget: 1,
    },
    engine: 'mock',
    placement: { network: 'loopback', topology: 'same-host', limits: null },
    baseline: 'node/async-await',
    replicates: blocks,
    minimumBlocks: 2,
    provisional: true,
    grantedCores: [0, 1],
    loadCores: null,
    targets: [planned('node/async-await', 'Node', 'bluish-green'), planned('python/threads', 'Python', 'blue')],
    comparisons: [
      {
        id: comparisonId,
        title: 'Waiting 50 ms',
        workload: {
          id: 'timer',
          version: 1,
          kind: 'io',
          parameters: { ms: 50 },
          path: '/timer?ms=50',
          expected: { status: 200, contentType: 'application/json', body: '{"ms":50}' },
          waitSeconds,
        },
        targetCores: [0],
        targetPhysicalCores: 1,
        generatorCores: [1],
        helperCores: [1],
        harnessCores: [1],
        idleCores: [],
        sharesCores: false,
        sharesPhysicalCores: false,
        sizes: { threads: 16, cpuPool: 1 },
        load: {
          arrivals: { loop: 'closed', connections, rampSeconds: seconds(0) },
          keepAlive: true,
          warmup: { minimumSeconds: seconds(1), minimumResponses: 10, maximumSeconds: seconds(5) },
          window: { seconds: seconds(2), minimumResponses: 10, maximumSeconds: seconds(4) },
          drain: { maximumSeconds: seconds(5) },
          timeoutSeconds: seconds(5),
        },
        metrics: [{ metric: 'throughput', margin: 0.05 }],
      },
    ],
    leftOut: [],
    blocks: Array.from({ length: blocks }, (_, index) => block(index + 1)),
    estimateSeconds: seconds(12),
  };
  return { ...rest, hash: digestOf(rest) };
}

/** An environment of a run on a small host. */
export function sampleEnvironment(runId = '20260131T120000Z-0a1b2c'): Environment {
  return {
    schemaVersion: formatVersion,
    runId,
    collectedAt: '2026-01-31T12:00:00.000Z',
    photofinish: { version: '0.1.0', commit: null, node: '26.10.0' },
    instrument: { version: '0.1.0', origin: 'built' },
    engine: localAccount,
    host: {
      cpuVendor: 'AuthenticAMD',
      cpuModel: 'EPYC',
      logicalCores: 2,
      physicalCores: 1,
      allowedCores: [0, 1],
      smtActive: true,
      virtualisation: 'kvm',
      architecture: 'x64',
      kernel: '6.12.0',
      operatingSystem: 'Linux',
      memoryBytes: 8 * 2 ** 30,
      cgroupVersion: 'v2',
      governor: null,
      clockSource: 'tsc',
      fileDescriptorLimit: 1_048_576,
      loadAverage: 0.1,
    },
    topology: [
      { core: 0, physical: 0, package: 0, node: 0, isolated: false },
      { core: 1, physical: 1, package: 0, node: 0, isolated: false },
    ],
    hostKey: 'hk1-0123456789abcdef',
    hostClass: 'shape-only',
    hostClassReasons: ['fewer than 4 physical cores'],
    conditions: [],
    toolchains: [],
  };
}
