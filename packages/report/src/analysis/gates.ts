import { causeTexts, type GateReading, type Metric, type PlannedTarget, type TargetId } from '@photofinish/schema';
import { percent } from '../wording/number.ts';
import { errorShareOf } from './cell.ts';
import { floorSeconds } from './metric.ts';
import type { PairedBlocks } from './pairs.ts';
import { okRecord, type TrialHistory } from './trials.ts';

/** Largest share of blocks that may be missing for a pair (method, formulas: incomplete blocks). */
const droppedLimit = 0.2;
/** Largest difference of `invalid` shares between target and baseline (method, formulas). */
const invalidLimit = 0.2;
/** Largest share of errored requests of either side (method, refusals). */
const errorLimit = 0.001;

/** One side of a pair. */
export interface Side {
  readonly target: PlannedTarget;
  /** Its trials in the comparison, role `target`. */
  readonly histories: readonly TrialHistory[];
}

/**
 * The gates of one pair that look at what was measured, in the order they are named to readers. Where one side was not measured at all there is
 * one gate that says so; `alias` is judged once for a comparison and handed in; `blocks` and `shape-only` are judged with the interval.
 */
export function gatesOf(
  metric: Metric,
  target: Side,
  baseline: Side,
  paired: PairedBlocks,
  alias: GateReading,
): GateReading[] {
  const missing = notMeasured(target) ?? notMeasured(baseline);
  if (missing !== null) return [{ gate: 'measured', passed: false, reading: missing, limit: 'both sides measured' }];
  return [
    measuredGate(metric, paired),
    droppedGate(paired),
    guardsGate(target, baseline),
    errorsGate(target, baseline),
    alias,
  ];
}

/** Why a side has nothing to compare, with its name; null where it has an `ok` trial. */
function notMeasured({ target: { targetId, absence }, histories }: Side): string | null {
  if (absence !== null) return `${targetId} was not run: ${causeTexts[absence.cause]}`;
  if (histories.some((history) => okRecord(history) !== null)) return null;
  const causes = histories.flatMap(({ final }) => (final === null || final.state === 'ok' ? [] : final.cause));
  const [cause] = causes;
  return cause === undefined ? `${targetId} was not reached` : `no trial of ${targetId} is ok: ${causeTexts[cause]}`;
}

function measuredGate(metric: Metric, { planned, pairs, withoutValue }: PairedBlocks): GateReading {
  const limit = `a value in all but ${percent(droppedLimit)} of blocks${isTime(metric) ? `, and not under ${floorSeconds * 1000} ms` : ''}`;
  const [reason] = withoutValue;
  if (reason !== undefined && withoutValue.length > droppedLimit * planned) {
    return {
      gate: 'measured',
      passed: false,
      reading: `${withoutValue.length} of ${planned} blocks without one: ${reason}`,
      limit,
    };
  }
  const low = isTime(metric) ? pairs.find((pair) => Math.min(pair.target, pair.baseline) < floorSeconds) : undefined;
  if (low !== undefined) {
    const reading = 'response times near the floor of the generator itself, where a ratio means nothing';
    return { gate: 'measured', passed: false, reading, limit };
  }
  return { gate: 'measured', passed: true, reading: `${pairs.length} of ${planned} blocks`, limit };
}

const isTime = (metric: Metric): boolean => metric === 'response-time-p50' || metric === 'response-time-p99';

function droppedGate({ planned, pairs }: PairedBlocks): GateReading {
  const dropped = planned - pairs.length;
  return {
    gate: 'dropped-blocks',
    passed: dropped <= droppedLimit * planned,
    reading: `${dropped} of ${planned} dropped`,
    limit: `at most ${percent(droppedLimit)}`,
  };
}

/** One attempt that had to be repeated is an incident, not a share: at three blocks it alone would be 25 points. */
function guardsGate(target: Side, baseline: Side): GateReading {
  const shares = [invalidShare(target), invalidShare(baseline)] as const;
  const isIncident = Math.max(invalidAttempts(target), invalidAttempts(baseline)) < 2;
  return {
    gate: 'guards',
    passed: isIncident || Math.abs(shares[0] - shares[1]) <= invalidLimit,
    reading: `attempts invalid: ${percent(shares[0])} of ${target.target.targetId}, ${percent(shares[1])} of ${baseline.target.targetId}`,
    limit: `at most ${invalidLimit * 100} points apart, one attempt aside`,
  };
}

function invalidAttempts({ histories }: Side): number {
  return histories.flatMap((history) => history.attempts).filter(({ state }) => state === 'invalid').length;
}

function invalidShare(side: Side): number {
  const attempts = side.histories.flatMap((history) => history.attempts).length;
  return attempts === 0 ? 0 : invalidAttempts(side) / attempts;
}

function errorsGate(target: Side, baseline: Side): GateReading {
  const shares = [errorShare(target), errorShare(baseline)] as const;
  return {
    gate: 'errors',
    passed: shares.every((share) => share !== null && share <= errorLimit),
    reading: `${errorText(target.target.targetId, shares[0])}, ${errorText(baseline.target.targetId, shares[1])}`,
    limit: `at most ${percent(errorLimit)} of requests in either`,
  };
}

function errorShare({ histories }: Side): number | null {
  return errorShareOf(histories.flatMap((history) => okRecord(history) ?? []));
}

function errorText(targetId: TargetId, share: number | null): string {
  return `${share === null ? 'an unknown share' : percent(share)} of ${targetId}`;
}
