import { inflateSync } from 'node:zlib';
import {
  decodeHistogram,
  type LoadErrors,
  type Measurement,
  type Plan,
  type PlannedComparison,
  quantileSeconds,
  type TimeSummary,
  type TrialHistograms,
  type TrialRecord,
} from '@photofinish/schema';
import { attemptFile, histogramsFile } from './layout.ts';

/** A record in its surroundings. `histograms` is null where nothing was measured. */
export interface RecordInContext {
  readonly plan: Plan;
  readonly runId: string;
  readonly record: TrialRecord;
  readonly histograms: TrialHistograms | null;
}

/**
 * What in a record cannot be true, each in words; empty for a sound one. A schema lets through four plausible numbers after a shifted comma
 * (ClickHouse/ClickBench#953), so figures are held against each other, the plan and the histograms.
 */
export function contradictions(context: RecordInContext): string[] {
  const { record, histograms } = context;
  const measurement = 'measurement' in record ? record.measurement : null;
  const found = contradictionsWithPlan(context);
  if (histograms && (histograms.trialId !== record.trialId || histograms.attempt !== record.attempt)) {
    found.push(`the histograms are of attempt ${histograms.attempt} at ${histograms.trialId}`);
  }
  if (!measurement) return found;
  if (!histograms) return [...found, 'the measurement has no histograms'];
  if (measurement.histograms.file !== histogramsFile(record.trialId, record.attempt)) {
    found.push('the measurement names the histograms of something else');
  }
  return [
    ...found,
    ...contradictionsOfCounts(measurement),
    ...contradictionsOfTimes(measurement, histograms),
    ...(['errorTime', 'schedulerLag'] as const).flatMap((name) => {
      const histogram = decoded(histograms[name]);
      return typeof histogram === 'string' ? [`${name}: ${histogram}`] : [];
    }),
  ];
}

function contradictionsWithPlan({ plan, runId, record }: RecordInContext): string[] {
  const block = plan.blocks.find((candidate) => candidate.blockId === record.blockId);
  const trial = block?.trials.find((candidate) => candidate.trialId === record.trialId);
  if (!block || !trial) return [`${attemptFile(record.trialId, record.attempt)} belongs to no trial of the plan`];
  const comparison = plan.comparisons.find((candidate) => candidate.id === block.comparisonId);
  const measurement = 'measurement' in record ? record.measurement : null;
  const pairs: readonly [string, unknown, unknown][] = [
    ['run', record.runId, runId],
    ['plan hash', record.planHash, plan.hash],
    ['comparison', record.comparisonId, block.comparisonId],
    ['replicate', record.replicate, block.replicate],
    ['cell', record.cellId, trial.cellId],
    ['target', record.targetId, trial.targetId],
    ['role', record.role, trial.role],
    ...(measurement && comparison ? loadPairs(measurement, comparison) : []),
  ];
  return pairs
    .filter(([, given, planned]) => given !== planned)
    .map(([what, given, planned]) => `${what} is ${given}, the plan has ${planned}`);
}

const loadPairs = (measurement: Measurement, { load }: PlannedComparison): [string, unknown, unknown][] => [
  ['loop', measurement.loop, load.arrivals.loop],
  ['number of connections', measurement.connections, load.arrivals.connections],
];

/** Requests of all kinds of error. */
const errorCount = (errors: LoadErrors): number => Object.values(errors).reduce((sum, count) => sum + count, 0);

function contradictionsOfCounts(measurement: Measurement): string[] {
  const { answered, censored, completedInWindow, intended, throughput, windowSeconds } = measurement;
  const ended = answered + censored + errorCount(measurement.errors);
  const fromRate = throughput * windowSeconds;
  const found: string[] = [];
  if (ended > intended) found.push(`${ended} requests answered, censored or errored, of ${intended} intended`);
  if (Math.abs(fromRate - completedInWindow) > 0.01 * completedInWindow) {
    found.push(`throughput times window is ${fromRate.toFixed(1)}, completed are ${completedInWindow}`);
  }
  return found;
}

/** Half a bucket of three significant digits and some: a quantile is the top of its bucket, mean and maximum are exact. */
const resolution = 0.002;
const microsecond = 1e-6;

function contradictionsOfTimes(measurement: Measurement, histograms: TrialHistograms): string[] {
  const { answered, censored, intended } = measurement;
  const times = [
    { name: 'responseTime', fewest: answered, most: answered + censored },
    { name: 'serviceTime', fewest: answered, most: answered + censored },
    { name: 'sendDelay', fewest: answered, most: intended },
  ] as const;
  return times.flatMap(({ name, fewest, most }) => {
    const summary = measurement[name];
    const found = disorder(summary).map((reason) => `${name}: ${reason}`);
    if (summary.count < fewest || summary.count > most) {
      found.push(`${name}: ${summary.count} values for ${answered} answered and ${censored} censored requests`);
    }
    const difference = differenceFromHistogram(summary, histograms[name]);
    return difference === null ? found : [...found, `${name}: ${difference}`];
  });
}

function disorder({ mean, p50, p90, p95, p99, maximum }: TimeSummary): string[] {
  const rising = Object.entries({ p50, p90, p95, p99, maximum }).filter(
    (entry): entry is [string, number] => entry[1] !== null,
  );
  const pairs = rising.slice(1).map((upper, index) => ({ lower: rising[index] as [string, number], upper }));
  const found = pairs
    .filter(({ lower, upper }) => lower[1] > upper[1] * (1 + resolution) + microsecond)
    .map(({ lower, upper }) => `${lower[0]} ${lower[1]} s lies above ${upper[0]} ${upper[1]} s`);
  if (mean !== null && maximum !== null && mean > maximum + microsecond) found.push('the mean lies above the maximum');
  return found;
}

function differenceFromHistogram(summary: TimeSummary, encoded: string): string | null {
  const histogram = decoded(encoded);
  if (typeof histogram === 'string') return histogram;
  if (histogram.totalCount !== summary.count) {
    return `its histogram holds ${histogram.totalCount} values, the record says ${summary.count}`;
  }
  for (const [name, q] of [
    ['p50', 0.5],
    ['p90', 0.9],
    ['p95', 0.95],
    ['p99', 0.99],
  ] as const) {
    const [written, read] = [summary[name], quantileSeconds(histogram, q)];
    if (written === null) continue;
    if (read === null || Math.abs(written - read) > read * resolution + microsecond) {
      return `${name} is ${read} s in its histogram, ${written} s in the record`;
    }
  }
  return null;
}

/** Counts of our layout take at most some 160 KiB. */
const inflatedLimit = 2 ** 20;

/**
 * A histogram, or in words why it is none. A few kilobytes of deflated zeros could fill the memory, so the text is first inflated up to a limit:
 * the histogram library inflates without one.
 */
function decoded(encoded: string): ReturnType<typeof decodeHistogram> | string {
  const cookieAndLength = 8;
  try {
    inflateSync(Buffer.from(encoded, 'base64').subarray(cookieAndLength), { maxOutputLength: inflatedLimit });
    return decodeHistogram(encoded);
  } catch (error) {
    return `its histogram cannot be decoded (${error instanceof Error ? error.message : String(error)})`;
  }
}
