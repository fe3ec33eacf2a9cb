import {
  emptyHistogram,
  encodeHistogram,
  type JobArrivals,
  type KernelLosses,
  type LoadClassResult,
  type LoadErrors,
  type LoadGate,
  type LoadGateName,
  type LoadJob,
  type LoadResult,
  type LoadSecond,
  quantileSeconds,
  type TimeDistribution,
} from '@photofinish/schema';

/** What a scripted generator has seen. Figures that are left out follow from the others, so that every count adds up. */
export interface LoadScript {
  /** Response times, seconds, repeated in turn; 5 ms. */
  readonly responseSeconds?: readonly number[];
  /** Correct responses per second of window; closed loop: connections over the mean response time (Little's law); open loop: the rate. */
  readonly throughput?: number;
  /** Length of the window, seconds; that of the job. */
  readonly windowSeconds?: number;
  /** Errors of the window, by kind. */
  readonly errors?: Partial<LoadErrors>;
  /** Requests unanswered after the drain. */
  readonly censored?: number;
  /** Lateness of every wake-up, seconds; 20 us. */
  readonly lagSeconds?: number;
  /** Share of the window in which the loop was busy; 0.1. */
  readonly occupancy?: number;
  /** Gates that do not hold, each with reading and limit; all others hold. */
  readonly failedGates?: Partial<Record<LoadGateName, readonly [reading: number, limit: number]>>;
  /** What the kernel lost; nothing. */
  readonly kernel?: KernelLosses | null;
  /** Mean requests in flight; throughput times mean response time. */
  readonly meanInFlight?: number;
}

const noErrors: LoadErrors = {
  connect: 0,
  reset: 0,
  closed: 0,
  timeout: 0,
  malformed: 0,
  status: 0,
  contentType: 0,
  length: 0,
  body: 0,
};

/** A distribution of these times, in seconds, with a real histogram; `unanswered` lie above all others. */
export function scriptedDistribution(times: readonly number[], unanswered: readonly number[] = []): TimeDistribution {
  const histogram = emptyHistogram();
  for (const time of times)
    histogram.recordValue(Math.min(Math.max(1, Math.round(time * 1e6)), histogram.highestTrackableValue));
  if (unanswered.length > 0) histogram.recordValueWithCount(histogram.highestTrackableValue, unanswered.length);
  const all = [...times, ...unanswered];
  return {
    count: all.length,
    meanSeconds: all.length === 0 ? 0 : all.reduce((sum, time) => sum + time, 0) / all.length,
    minimumSeconds: all.reduce((least, time) => Math.min(least, time), all[0] ?? 0),
    maximumSeconds: all.reduce((most, time) => Math.max(most, time), 0),
    histogram: encodeHistogram(histogram),
  };
}

/** The result of a job as the script has it, every class alike. */
export function scriptedResult(job: LoadJob, script: LoadScript = {}): LoadResult {
  const windowSeconds = script.windowSeconds ?? job.window.seconds;
  const classes = job.classes.map((one) => scriptedClass(one, windowSeconds, job.drain.maximumSeconds, script));
  const completed = classes.reduce((sum, one) => sum + one.completedInWindow, 0);
  const occupancy = script.occupancy ?? 0.1;
  const ticks = Array.from({ length: Math.max(1, Math.round(windowSeconds * 100)) }, () => script.lagSeconds ?? 20e-6);
  return {
    schemaVersion: 1,
    generator: {
      version: '0.0.0-mock',
      threads: Math.max(1, job.cores.length),
      cpuUserSeconds: completed * 1e-6,
      cpuSystemSeconds: completed * 5e-6,
      occupancyMean: occupancy,
      occupancyMaximum: Math.min(1, occupancy * 1.2),
      schedulerLag: scriptedDistribution(ticks),
      maximumRssBytes: 8 * 2 ** 20,
    },
    warmup: { seconds: job.warmup.minimumSeconds, responses: job.warmup.minimumResponses, errors: 0 },
    window: { seconds: windowSeconds },
    gates: scriptedGates(job, script.failedGates ?? {}),
    kernel:
      script.kernel === undefined
        ? { listenOverflows: 0, listenDrops: 0, timeouts: 0, retransmissions: 0, duplicates: 0, server: null }
        : script.kernel,
    drain: { seconds: classes.some(({ censored }) => censored > 0) ? job.drain.maximumSeconds : 0 },
    classes,
  };
}

/** The gates that the load core puts to such a job, with readings that hold unless the script says otherwise. */
function scriptedGates(job: LoadJob, failed: NonNullable<LoadScript['failedGates']>): LoadGate[] {
  const isOpen = job.classes.some(({ arrivals }) => arrivals.loop !== 'closed');
  const holding: readonly (readonly [LoadGateName, number, number])[] = [
    ...(isOpen
      ? ([
          ['scheduler-lag-p99', 20e-6, 200e-6],
          ['scheduler-lag-p999', 20e-6, 1e-3],
        ] as const)
      : ([['scheduler-lag-mean', 20e-6, 200e-6]] as const)),
    ['scheduler-lag-longest', 20e-6, 0.1],
    ['achieved-sends', 1, 0.999],
    ['censored', 0, 0.01],
    ['occupancy', 0, 0.01],
    ['descriptors', 0.1, 1 / 1.2],
    ['ports', 0.1, 1 / 1.2],
    ['kernel', 0, 0],
  ];
  return holding.map(([gate, fineReading, usualLimit]) => {
    const [reading, limit] = failed[gate] ?? [fineReading, usualLimit];
    return { gate, passed: failed[gate] === undefined, reading, limit, reason: `${gate}: ${reading}, limit ${limit}` };
  });
}

/** What a server of this mean response time, in seconds, answers per second when none waits for another. */
function throughputOf(arrivals: JobArrivals, mean: number): number {
  switch (arrivals.loop) {
    case 'closed':
      return arrivals.connections / (mean + (arrivals.think?.meanSeconds ?? 0));
    case 'open':
      return arrivals.rate;
    case 'replay':
      return arrivals.startsSeconds.length / arrivals.repeatSeconds;
  }
}

function scriptedClass(
  { id, arrivals, bodySample }: LoadJob['classes'][number],
  windowSeconds: number,
  drainSeconds: number,
  script: LoadScript,
): LoadClassResult {
  const pattern = script.responseSeconds ?? [0.005];
  const mean = pattern.reduce((sum, time) => sum + time, 0) / pattern.length;
  const throughput = script.throughput ?? throughputOf(arrivals, mean);
  const answered = Math.round(throughput * windowSeconds);
  const times = Array.from({ length: answered }, (_, index) => pattern[index % pattern.length] ?? mean);
  const errors = { ...noErrors, ...script.errors };
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
  const censored = script.censored ?? 0;
  const intended = answered + failed + censored;
  return {
    id,
    intended,
    sent: intended,
    answered,
    errors,
    censored,
    completedInWindow: answered,
    meanInFlight: script.meanInFlight ?? (answered / windowSeconds) * mean,
    bodiesCompared: Math.round(answered * bodySample),
    responseTime: scriptedDistribution(
      times,
      Array.from({ length: censored }, () => windowSeconds + drainSeconds),
    ),
    serviceTime: scriptedDistribution(times),
    sendDelay: scriptedDistribution(times.map(() => 1e-6)),
    errorTime: scriptedDistribution(Array.from({ length: failed }, () => mean)),
    connectionsHighWater: arrivals.connections,
    connectionsOpened: arrivals.connections,
    series: scriptedSeries(times, intended, failed, Math.ceil(windowSeconds), script),
  };
}

/** An even spread over the seconds. */
function scriptedSeries(
  times: readonly number[],
  intended: number,
  failed: number,
  seconds: number,
  script: LoadScript,
): LoadSecond[] {
  const share = (count: number, second: number) =>
    Math.floor((count * (second + 1)) / seconds) - Math.floor((count * second) / seconds);
  return Array.from({ length: seconds }, (_, second) => {
    const histogram = emptyHistogram();
    const first = Math.floor((times.length * second) / seconds);
    for (const time of times.slice(first, first + share(times.length, second)))
      histogram.recordValue(Math.max(1, Math.round(time * 1e6)));
    return {
      second,
      intended: share(intended, second),
      completed: share(times.length, second),
      errors: share(failed, second),
      inFlight: Math.ceil(times[0] === undefined ? 0 : (times.length / seconds) * times[0]),
      backlog: 0,
      responseTimeP50Seconds: quantileSeconds(histogram, 0.5),
      responseTimeP99Seconds: quantileSeconds(histogram, 0.99),
      schedulerLagMaximumSeconds: script.lagSeconds ?? 20e-6,
    };
  });
}
