import {
  type LoadJob,
  type LoadSpecification,
  type PlannedComparison,
  type PlannedTrial,
  type Seconds,
  type ServerHandle,
  seconds,
} from '@photofinish/schema';

/** Share of responses whose bytes are compared; the length of every response is. */
const bodySample = 1 / 64;

/** The warm-up of a target: that of the load, and at least what its runtime declares to need. */
export function warmupOf(load: LoadSpecification, warmupSeconds: Seconds): LoadSpecification['warmup'] {
  const minimumSeconds = seconds(Math.max(load.warmup.minimumSeconds, warmupSeconds));
  const maximumSeconds = seconds(Math.max(load.warmup.maximumSeconds, minimumSeconds));
  return { ...load.warmup, minimumSeconds, maximumSeconds };
}

/** The load of one trial, addressed to its server. */
export function loadJob(
  comparison: PlannedComparison,
  trial: PlannedTrial,
  warmupSeconds: Seconds,
  server: ServerHandle,
): LoadJob {
  const { load, workload, generatorCores, sharesCores } = comparison;
  return {
    schemaVersion: 1,
    seed: trial.seed,
    address: { host: server.host, port: server.port },
    cores: generatorCores,
    pacing: load.arrivals.loop === 'open' && !sharesCores ? 'spin' : 'sleep',
    sharedCores: sharesCores,
    classes: [
      { id: workload.id, path: workload.path, expected: workload.expected, arrivals: load.arrivals, bodySample },
    ],
    warmup: warmupOf(load, warmupSeconds),
    window: load.window,
    drain: load.drain,
    timeoutSeconds: load.timeoutSeconds,
    handshake: true,
  };
}
