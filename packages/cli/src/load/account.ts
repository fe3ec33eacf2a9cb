import {
  type LoadErrorDetails,
  type LoadErrors,
  type LoadGate,
  type LoadGateName,
  type LoadResult,
  summariseTimes,
  type TimeSummary,
} from '@photofinish/schema';
import { endpointOf, type LoadAddress } from './address.ts';
import type { Pattern } from './pattern.ts';
import type { RequestedArrivals } from './request.ts';

/** What `photofinish load` tells. */
export interface LoadAccount {
  readonly url: string;
  /** Where the requests went, as in `127.0.0.1:8080` or `[::1]:8080`. */
  readonly server: string;
  /** Whether all of an answer was compared or its status alone. */
  readonly comparison: Pattern['comparison'];
  /** The status that every answer must have, because the first two had it. */
  readonly status: number;
  readonly arrivals: RequestedArrivals;
  readonly windowSeconds: number;
  /** How long the window was to be; longer than it was where the load was interrupted. */
  readonly requestedSeconds: number;
  readonly intended: number;
  readonly sent: number;
  readonly answered: number;
  readonly censored: number;
  readonly errors: LoadErrors;
  /** Parts of the counts of `errors`; null with a core that does not tell. */
  readonly errorDetails: LoadErrorDetails | null;
  /** Correct responses completed in the window, a second. */
  readonly throughput: number;
  /** Done minus intended start: what a user waits. */
  readonly responseTime: TimeSummary;
  /** Done minus sent: what the server and the way took. */
  readonly serviceTime: TimeSummary;
  /**
   * Share of the answered requests for which no connection was free when they were due; null in a closed loop, where nothing is due, and with a
   * core that does not tell.
   */
  readonly waitedShare: number | null;
  /** How long those waited for one; null as above. */
  readonly connectionWait: TimeSummary | null;
  /** Most connections with a request at once; null with a core that does not tell. */
  readonly poolHighWater: number | null;
  readonly generator: {
    readonly version: string;
    /** Processor time of the generator for each answered request, seconds; null when none was. */
    readonly cpuSecondsPerRequest: number | null;
    /** Its processor time over the window, in cores. */
    readonly cpuCores: number;
    readonly occupancyMaximum: number;
    readonly schedulerLag: TimeSummary;
  };
  /** Was it the generator, or the host around it? Each gate of the load core with reading, limit and reason. */
  readonly gates: readonly LoadGate[];
  /** Why the figures may be the generator's and not the server's; empty when nothing says so. */
  readonly warnings: readonly string[];
}

/** What a result says, and whether the generator itself was the bottleneck (gates of section 19 of the method). */
export function accountOf(
  address: LoadAddress,
  { expected: { status }, comparison }: Pattern,
  { arrivals, windowSeconds: requestedSeconds }: { arrivals: RequestedArrivals; windowSeconds: number },
  result: LoadResult,
): LoadAccount {
  const [one] = result.classes;
  if (one === undefined) throw new TypeError('a result has at least one class');
  const { generator, window } = result;
  const wait = arrivals.loop === 'closed' ? undefined : one.connectionWait;
  const cpu = generator.cpuUserSeconds + generator.cpuSystemSeconds;
  const account = {
    url: address.url,
    server: endpointOf(address),
    comparison,
    status,
    arrivals,
    windowSeconds: window.seconds,
    requestedSeconds,
    intended: one.intended,
    sent: one.sent,
    answered: one.answered,
    censored: one.censored,
    errors: one.errors,
    errorDetails: one.errorDetails ?? null,
    throughput: one.completedInWindow / window.seconds,
    responseTime: summariseTimes(one.responseTime, one.censored),
    serviceTime: summariseTimes(one.serviceTime),
    waitedShare: wait === undefined ? null : wait.count / Math.max(1, one.answered),
    connectionWait: wait === undefined ? null : summariseTimes(wait),
    poolHighWater: one.poolHighWater ?? null,
    generator: {
      version: generator.version,
      cpuSecondsPerRequest: one.completedInWindow === 0 ? null : cpu / one.completedInWindow,
      cpuCores: cpu / window.seconds,
      occupancyMaximum: generator.occupancyMaximum,
      schedulerLag: summariseTimes(generator.schedulerLag),
    },
    gates: result.gates,
  };
  return { ...account, warnings: warningsOf(account) };
}

type Unwarned = Omit<LoadAccount, 'warnings'>;

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** What a gate that does not hold means for whoever reads the figures. */
const meanings: Record<LoadGateName, (gate: LoadGate, account: Unwarned) => string> = {
  'scheduler-lag-p99': wokeLate('p99 of its lag'),
  'scheduler-lag-p999': wokeLate('p99.9 of its lag'),
  'scheduler-lag-mean': wokeLate('the mean of its lag'),
  'scheduler-lag-longest': ({ reading, limit }) =>
    `The load generator was kept from its processor for ${milliseconds(reading)}, ${milliseconds(limit)} is the limit: throughput and the longest times are partly its own.`,
  'achieved-sends': (_gate, { sent, intended, arrivals }) =>
    `Only ${sent} of ${intended} requests were sent: the server, or the pool of ${arrivals.connections} connections, did not keep up.`,
  censored: ({ reading, limit }) =>
    `${percent(reading)} of the requests never answered, ${percent(limit)} is the limit: the tail of the response times is not known.`,
  occupancy: ({ reading }, { arrivals }) =>
    `The load generator was the bottleneck: its loop was busy above 70 % in ${percent(reading)} of the seconds.${arrivals.loop === 'closed' ? ' The throughput is partly its own; give it more cores (--cores) or the server a harder path.' : ''}`,
  descriptors: (gate) => `${nearlyUsedUp(gate, 'file descriptors')} Raise the limit: ulimit -Hn.`,
  ports: (gate) =>
    `${nearlyUsedUp(gate, 'free ports towards the server')} Wait a minute, or widen the range: sudo sysctl -w net.ipv4.ip_local_port_range="1024 65535".`,
  kernel: ({ reason }) =>
    `The kernel lost traffic in the window (${reason}): a lost segment costs 200 ms and more, whoever's it was.`,
};

function wokeLate(statistic: string) {
  return ({ reading, limit }: LoadGate) =>
    `The load generator woke late: ${statistic} is ${milliseconds(reading)}, ${milliseconds(limit)} is the limit. Response times below that are not to be told apart here.`;
}

function nearlyUsedUp({ reading, limit }: LoadGate, what: string): string {
  return `The load took ${percent(reading)} of the ${what}, ${percent(limit)} leaves room to open lost connections again.`;
}

/** The threads of the core agree on instants in whole nanoseconds. */
const isShorter = (seconds: number, requested: number) => seconds < requested - 1e-6;

function interruption({ windowSeconds, requestedSeconds }: Unwarned): string[] {
  if (!isShorter(windowSeconds, requestedSeconds)) return [];
  return [`Interrupted: ${windowSeconds.toFixed(1)} s of the ${requestedSeconds.toFixed(1)} s that were asked for.`];
}

/** What the server answers besides what was asked of it. */
function answersInDoubt({ status, comparison, errors }: Unwarned): string[] {
  const differing = errors.contentType + errors.length;
  return [
    ...(status >= 400 ? [`The server answers ${status} here: these are the times of its refusals.`] : []),
    ...(status >= 300 && status < 400 ? [`The server answers ${status} here, and redirects are not followed.`] : []),
    ...(comparison === 'answer' && differing > 0
      ? [
          `${differing} answers had another Content-Type or length than the first two. Where answers differ by nature, compare their status alone: --status-only.`,
        ]
      : []),
  ];
}

function warningsOf(account: Unwarned): string[] {
  const { gates, waitedShare, arrivals } = account;
  const failed = gates.filter(({ passed }) => !passed).map((gate) => meanings[gate.gate](gate, account));
  const warnings = [...interruption(account), ...answersInDoubt(account), ...failed];
  if ((waitedShare ?? 0) === 0) return warnings;
  return [
    ...warnings,
    `${percent(waitedShare ?? 0)} of the requests waited for a free connection: with more than ${arrivals.connections} (-c) the loop would have been open throughout.`,
  ];
}

/** A time for people: milliseconds with three decimals. */
export const milliseconds = (value: number | null): string =>
  value === null ? 'not estimable' : `${(value * 1000).toFixed(3)} ms`;
