import {
  decodeHistogram,
  formatVersion,
  type LoadResult,
  MeasurementError,
  type PlannedComparison,
  quantileSeconds,
  summariseTimes,
  type TimeSummary,
  type TrialHistograms,
} from '@photofinish/schema';
import type { DraftMeasurement } from '@photofinish/store';

/** Figures the guards need in seconds. */
export interface Times {
  readonly responseTime: TimeSummary;
  readonly schedulerLagP99: number | null;
}

function onlyClass(result: LoadResult): LoadResult['classes'][number] {
  const [first] = result.classes;
  if (first !== undefined && result.classes.length === 1) return first;
  throw new MeasurementError('E_GENERATOR_FAILED', {
    what: `The load generator answered with ${result.classes.length} request classes instead of one.`,
    remedy: 'Rebuild the native core: its version does not fit this Photofinish.',
  });
}

/** Quantiles of response time and of the generator's lag, from the histograms. */
export function timesOf(result: LoadResult): Times {
  const one = onlyClass(result);
  return {
    responseTime: summariseTimes(one.responseTime, one.censored),
    schedulerLagP99: quantileSeconds(decodeHistogram(result.generator.schedulerLag.histogram), 0.99),
  };
}

/** What goes into the trial record of what the load generator saw; the store adds the reference to the histograms. */
export function measurementOf(comparison: PlannedComparison, result: LoadResult, times: Times): DraftMeasurement {
  const one = onlyClass(result);
  const { generator } = result;
  const cpuSeconds = generator.cpuUserSeconds + generator.cpuSystemSeconds;
  return {
    loop: comparison.load.arrivals.loop,
    connections: comparison.load.arrivals.connections,
    windowSeconds: result.window.seconds,
    warmupSeconds: result.warmup.seconds,
    drainSeconds: result.drain.seconds,
    intended: one.intended,
    answered: one.answered,
    completedInWindow: one.completedInWindow,
    censored: one.censored,
    errors: one.errors,
    throughput: one.completedInWindow / result.window.seconds,
    meanInFlight: one.meanInFlight,
    responseTime: times.responseTime,
    serviceTime: summariseTimes(one.serviceTime),
    sendDelay: summariseTimes(one.sendDelay),
    generator: {
      version: generator.version,
      cpuSeconds,
      cpuPerRequestSeconds: one.completedInWindow === 0 ? null : cpuSeconds / one.completedInWindow,
      occupancyMean: generator.occupancyMean,
      occupancyMaximum: generator.occupancyMaximum,
      schedulerLagP99: times.schedulerLagP99,
    },
    series: one.series,
  };
}

/** The encoded histograms of an attempt, for their file beside the record. */
export function histogramsOf(trialId: string, attempt: number, result: LoadResult): TrialHistograms {
  const one = onlyClass(result);
  return {
    schemaVersion: formatVersion,
    trialId,
    attempt,
    responseTime: one.responseTime.histogram,
    serviceTime: one.serviceTime.histogram,
    sendDelay: one.sendDelay.histogram,
    errorTime: one.errorTime.histogram,
    schedulerLag: result.generator.schedulerLag.histogram,
  };
}
