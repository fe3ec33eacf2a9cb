import type { LoadJob, PlannedComparison, PlannedTrial, ServerHandle } from '@photofinish/schema';

/** Share of responses whose bytes are compared; the length of every response is. */
const bodySample = 1 / 64;

/** The load of one trial, addressed to its server. */
export function loadJob(comparison: PlannedComparison, trial: PlannedTrial, server: ServerHandle): LoadJob {
  const { load, workload, generatorCores, sharesCores } = comparison;
  return {
    schemaVersion: 1,
    seed: trial.seed,
    address: { host: server.host, port: server.port },
    cores: generatorCores,
    pacing: load.arrivals.loop === 'open' && !sharesCores ? 'spin' : 'sleep',
    classes: [
      { id: workload.id, path: workload.path, expected: workload.expected, arrivals: load.arrivals, bodySample },
    ],
    warmup: load.warmup,
    window: load.window,
    drain: load.drain,
    timeoutSeconds: load.timeoutSeconds,
    handshake: true,
  };
}
