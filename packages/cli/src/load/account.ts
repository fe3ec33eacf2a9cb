import { type Arrivals, type LoadErrors, type LoadResult, summariseTimes, type TimeSummary } from '@photofinish/schema';
import type { Pattern } from './pattern.ts';

/** What `photofinish load` tells. */
export interface LoadAccount {
  readonly url: string;
  /** Whether all of an answer was compared or its status alone. */
  readonly comparison: Pattern['comparison'];
  readonly arrivals: Arrivals;
  readonly windowSeconds: number;
  readonly intended: number;
  readonly sent: number;
  readonly answered: number;
  readonly censored: number;
  readonly errors: LoadErrors;
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
  /** Why the figures may be the generator's and not the server's; empty when nothing says so. */
  readonly warnings: readonly string[];
}

/** What a result says, and whether the generator itself was the bottleneck (gates of section 19 of the method). */
export function accountOf(
  url: string,
  comparison: Pattern['comparison'],
  arrivals: Arrivals,
  result: LoadResult,
): LoadAccount {
  const [one] = result.classes;
  if (one === undefined) throw new TypeError('a result has at least one class');
  const { generator, window } = result;
  const wait = arrivals.loop === 'closed' ? undefined : one.connectionWait;
  const cpu = generator.cpuUserSeconds + generator.cpuSystemSeconds;
  const account = {
    url,
    comparison,
    arrivals,
    windowSeconds: window.seconds,
    intended: one.intended,
    sent: one.sent,
    answered: one.answered,
    censored: one.censored,
    errors: one.errors,
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
  };
  return { ...account, warnings: warningsOf(account, generator.occupancyMean) };
}

function warningsOf(account: Omit<LoadAccount, 'warnings'>, occupancyMean: number): string[] {
  const { arrivals, generator, serviceTime } = account;
  const lag = generator.schedulerLag.p99 ?? 0;
  const allowed = Math.max(0.0002, 0.05 * (serviceTime.p50 ?? 0));
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const warnings: [boolean, string][] = [
    [
      arrivals.loop === 'closed' && occupancyMean > 0.9,
      `The load generator was the bottleneck: its loop was busy ${percent(occupancyMean)} of the time. The throughput is its own; give it more cores (--cores) or the server a harder path.`,
    ],
    [
      arrivals.loop === 'open' && generator.occupancyMaximum > 0.7,
      `The load generator was the bottleneck: its loop was busy ${percent(generator.occupancyMaximum)} of its busiest second, 70 % is the limit.`,
    ],
    [
      lag > allowed,
      `The load generator woke late: p99 of its lag is ${milliseconds(lag)}, ${milliseconds(allowed)} is the limit. Response times below that are not to be told apart here.`,
    ],
    [
      arrivals.loop === 'open' && account.sent < 0.999 * account.intended,
      `Only ${account.sent} of ${account.intended} requests were sent: the server, or the pool of ${arrivals.connections} connections, did not keep up.`,
    ],
    [
      (account.waitedShare ?? 0) > 0,
      `${percent(account.waitedShare ?? 0)} of the requests waited for a free connection: with more than ${arrivals.connections} (-c) the loop would have been open throughout.`,
    ],
  ];
  return warnings.flatMap(([applies, text]) => (applies ? [text] : []));
}

/** A time for people: milliseconds with three decimals. */
export const milliseconds = (value: number | null): string =>
  value === null ? 'not estimable' : `${(value * 1000).toFixed(3)} ms`;
