import { type Arrivals, type LoadJob, perSecond, seconds } from '@photofinish/schema';

/** One server of known truth and the load on it. */
export interface Exercise {
  readonly mode: string;
  /** Options of `photofinish-native fixture`. */
  readonly fixture: readonly string[];
  readonly arrivals: Arrivals;
  /** Length of the window, seconds: a whole multiple of the server's period where it has one. */
  readonly windowSeconds: number;
  /** Body that is expected. */
  readonly body: string;
  /** Of an M/M/1 queue: its parameters, and whether the sample is long enough for its formula (method, section 20). */
  readonly queue?: { readonly serviceRate: number; readonly utilisation: number; readonly isLong: boolean };
}

/** Parameters of the servers, in the units of their options. */
export const servers = {
  delays: [1, 5, 20, 100],
  distribution: { meanMilliseconds: 20 },
  stall: { stallMilliseconds: 1000, periodMilliseconds: 10_000, rate: 500 },
  closedStall: { stallMilliseconds: 500, periodMilliseconds: 5000, users: 20 },
  queue: { serviceRate: 250, utilisations: [0.5, 0.8] },
  /**
   * Sojourns of neighbours resemble each other: the formula is held against this many (method, section 20). Their median is 1.4 ms and more: of
   * less than a millisecond 5 % is less than what it takes a virtual machine to wake a loop (method, section 8: there the difference counts).
   */
  longQueue: { serviceRate: 1000, utilisations: [0.5, 0.8], arrivals: 200_000 },
  drip: { bytes: 16, gapMilliseconds: 5 },
} as const;

const open = (rate: number, connections: number, process: 'constant' | 'poisson' = 'constant'): Arrivals => ({
  loop: 'open',
  process,
  rate: perSecond(rate),
  connections,
});

const closed = (connections: number): Arrivals => ({ loop: 'closed', connections, rampSeconds: seconds(0.1) });

const exercise = (
  mode: string,
  fixture: readonly string[],
  arrivals: Arrivals,
  windowSeconds: number,
  body = 'ok',
): Exercise => ({ mode, fixture, arrivals, windowSeconds, body });

const stallOptions = (server: { stallMilliseconds: number; periodMilliseconds: number }) => [
  'stall',
  '--stall-ms',
  String(server.stallMilliseconds),
  '--period-ms',
  String(server.periodMilliseconds),
];

/**
 * The exercises of a calibration, about 70 s in all (method, sections 13 and 20). Pools are at least 1.2 times the arrivals of the longest
 * response, so that none becomes partly a closed loop. `share` shortens every window but those that must hold whole periods. With `isLong` the
 * queues get as many arrivals as their formula needs, which takes eleven minutes more.
 */
export function exercises({ share = 1, isLong = false } = {}): Exercise[] {
  const { stall, closedStall, drip } = servers;
  return [
    exercise('null-closed', ['null'], closed(16), 2 * share),
    exercise('null-open', ['null'], open(200, 60), 3 * share),
    ...servers.delays.map((delay) =>
      exercise(`delay-${delay}ms`, ['delay', '--ms', String(delay)], open(200, 60), 3 * share),
    ),
    exercise(
      'drip',
      ['drip', '--bytes', '16', '--gap-ms', '5'],
      open(200, 60),
      3 * share,
      'drip'.repeat(drip.bytes / 4),
    ),
    exercise(
      'distribution',
      ['distribution', '--ms', String(servers.distribution.meanMilliseconds), '--seed', '7'],
      open(600, 400, 'poisson'),
      8 * share,
    ),
    exercise('stall-open', stallOptions(stall), open(stall.rate, 700), 20),
    exercise('stall-closed', stallOptions(closedStall), closed(closedStall.users), 5),
    ...queues(share, isLong),
  ];
}

function queues(share: number, isLong: boolean): Exercise[] {
  const { serviceRate, utilisations } = isLong ? servers.longQueue : servers.queue;
  return utilisations.map((utilisation) => {
    const rate = serviceRate * utilisation;
    const windowSeconds = isLong ? servers.longQueue.arrivals / rate : 10 * share;
    const fixture = ['queue', '--service-rate', String(serviceRate), '--seed', '11'];
    const mode = `queue-${utilisation}${isLong ? '-long' : ''}`;
    const queue = { serviceRate, utilisation, isLong };
    return { ...exercise(mode, fixture, open(rate, 400, 'poisson'), windowSeconds), queue };
  });
}

/** The job of an exercise against a server on this port of 127.0.0.1. */
export function jobOf({ arrivals, windowSeconds, body }: Exercise, port: number, core: number): LoadJob {
  return {
    schemaVersion: 1,
    seed: 20_260_101,
    address: { host: '127.0.0.1', port },
    cores: [core],
    pacing: 'sleep',
    classes: [
      {
        id: 'main',
        path: '/',
        expected: { status: 200, contentType: 'text/plain; charset=utf-8', body },
        arrivals,
        bodySample: 1 / 64,
      },
    ],
    warmup: { minimumSeconds: seconds(0.5), minimumResponses: 0, maximumSeconds: seconds(1) },
    window: { seconds: seconds(windowSeconds), minimumResponses: 0, maximumSeconds: seconds(windowSeconds) },
    drain: { maximumSeconds: seconds(5) },
    timeoutSeconds: seconds(10),
    handshake: true,
  };
}
