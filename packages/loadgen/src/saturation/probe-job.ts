import { type Arrivals, type LoadJob, seconds } from '@photofinish/schema';

/** A load of a plan, and the cores on which the generator's own limits are looked for. */
export interface SaturationLoad {
  readonly arrivals: Arrivals;
  readonly generatorCores: readonly number[];
  readonly serverCores: readonly number[];
  /** Whether the two share a core. */
  readonly sharesCores: boolean;
  /** Length of the body that every response has. */
  readonly bodyBytes: number;
  /** Time the server waits by definition, seconds; 0 where it computes. */
  readonly waitSeconds: number;
}

/** Length of a window that looks for a limit, seconds: three of them and their starts fit into three seconds. */
const windowSeconds = 0.4;

/** A short job against a fixture on this port of 127.0.0.1, whose body is `okok...`. */
export function probeJob(
  { generatorCores, sharesCores, bodyBytes }: SaturationLoad,
  arrivals: Arrivals,
  port: number,
  cores: readonly number[] = generatorCores,
): LoadJob {
  const window = seconds(windowSeconds);
  return {
    schemaVersion: 1,
    seed: 1,
    address: { host: '127.0.0.1', port },
    cores: [...cores],
    pacing: 'sleep',
    sharedCores: sharesCores,
    classes: [
      {
        id: 'main',
        path: '/',
        expected: {
          status: 200,
          contentType: 'text/plain; charset=utf-8',
          body: 'ok'.repeat(bodyBytes).slice(0, bodyBytes),
        },
        arrivals,
        bodySample: 1 / 64,
      },
    ],
    warmup: { minimumSeconds: seconds(0.1), minimumResponses: arrivals.connections, maximumSeconds: seconds(1) },
    window: { seconds: window, minimumResponses: 0, maximumSeconds: window },
    drain: { maximumSeconds: seconds(1) },
    timeoutSeconds: seconds(5),
    handshake: false,
  };
}

/** Nobody looks at the edges of these windows. */
export const silentHooks = { onWarm: async () => {}, onWindowEnd: async () => {} };
