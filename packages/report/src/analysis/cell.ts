import type {
  AnalysedCell,
  Cause,
  LoadErrors,
  OkTrial,
  PlannedTarget,
  StateCounts,
  TrialState,
} from '@photofinish/schema';
import { estimatesOf } from './estimate.ts';
import type { MemoryBasis } from './metric.ts';
import { okRecord, type TrialHistory } from './trials.ts';

/** One target in one role of one comparison, from the histories of its trials. */
export function cellOf(
  targetId: string,
  role: AnalysedCell['role'],
  histories: readonly TrialHistory[],
  basis: MemoryBasis,
): AnalysedCell {
  const trials = histories.flatMap((history) => okRecord(history) ?? []);
  return {
    targetId,
    role,
    states: countStates(histories.map(finalState)),
    attempts: histories.reduce((sum, { attempts }) => sum + attempts.length, 0),
    causes: countCauses(histories.flatMap(causesOf)),
    estimates: estimatesOf(trials, basis),
    errorShare: errorShareOf(trials),
    littleGap: largest(trials.flatMap((trial) => littleGapOf(trial) ?? [])),
  };
}

/** The cell of a target that is absent from this machine: all its trials are `not-run`, with the cause the plan gives. */
export function absentCellOf(target: PlannedTarget, cause: Cause, replicates: number): AnalysedCell {
  return {
    targetId: target.targetId,
    role: 'target',
    states: countStates(new Array<TrialState>(replicates).fill('not-run')),
    attempts: 0,
    causes: [{ cause, trials: replicates }],
    estimates: estimatesOf([], 'rss-peak'),
    errorShare: null,
    littleGap: null,
  };
}

/** The state a trial ends in: `not-run` where there is no record of it. */
export function finalState({ final }: TrialHistory): TrialState {
  return final?.state ?? 'not-run';
}

/** Numbers of states; every state is listed. */
export function countStates(states: readonly TrialState[]): StateCounts {
  const counts: StateCounts = { ok: 0, failed: 0, invalid: 0, skipped: 0, 'not-run': 0, interrupted: 0 };
  for (const state of states) counts[state] += 1;
  return counts;
}

/** Errored share of the requests of several trials; null where nothing was asked. */
export function errorShareOf(trials: readonly OkTrial[]): number | null {
  const intended = trials.reduce((sum, { measurement }) => sum + measurement.intended, 0);
  const errors = trials.reduce((sum, { measurement }) => sum + errorCount(measurement.errors), 0);
  return intended === 0 ? null : Math.min(1, errors / intended);
}

/** Causes of all attempts that were not `ok`, repeated ones included; `not-reached` for a trial without a record. */
function causesOf({ attempts }: TrialHistory): Cause[] {
  if (attempts.length === 0) return ['not-reached'];
  return attempts.flatMap((attempt) => (attempt.state === 'ok' ? [] : attempt.cause));
}

function countCauses(causes: readonly Cause[]): AnalysedCell['causes'] {
  return [...Map.groupBy(causes, (cause) => cause)].map(([cause, all]) => ({ cause, trials: all.length }));
}

function errorCount(errors: LoadErrors): number {
  return Object.values(errors).reduce((sum, count) => sum + count, 0);
}

/**
 * Gap between mean requests in flight and throughput x mean response time (J. D. C. Little, "A proof for the queuing formula L = lambda W",
 * Operations Research 9, 1961), as a share of connections. A closed loop without think time has all its connections in flight. Null where
 * unanswered requests leave the mean unknown.
 */
function littleGapOf({ measurement }: OkTrial): number | null {
  const { loop, connections, meanInFlight, throughput, responseTime } = measurement;
  if (responseTime.mean === null) return null;
  const inFlight = loop === 'closed' ? connections : meanInFlight;
  return Math.abs(inFlight - throughput * responseTime.mean) / connections;
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}
