import type { AliasReading, GateReading, Metric } from '@photofinish/schema';
import {
  logRatios,
  meanInterval,
  type Pair,
  pairedDifference,
  ratioInterval,
  ratioOf,
  shapeOnlyMargin,
} from '@photofinish/stats';
import { percent, range } from '../wording/number.ts';
import { ratioText } from './wording.ts';

/**
 * The tolerance of the A/A gate. It is the margin; on a host that shows shapes only it is 0.5 (or the margin where that is more), because no
 * verdict there says anything about a smaller difference; in a provisional run it is twice the margin (method, protocol: quick blocks).
 */
export function aliasToleranceOf(
  margin: number,
  { isShapeOnly, isProvisional }: { isShapeOnly: boolean; isProvisional: boolean },
): number {
  if (isShapeOnly) return Math.max(margin, shapeOnlyMargin);
  return isProvisional ? 2 * margin : margin;
}

/**
 * Judges the A/A alias on one metric: a target as its own rival. The gate fails when the 95 % interval excludes 1 and the ratio lies beyond half
 * the tolerance (the method sees differences that are not there), when the half-width exceeds the tolerance (the host is too noisy to see any), or
 * when fewer than two pairs leave it unknown. It can only withhold verdicts.
 */
export function judgeAlias(metric: Metric, pairs: readonly Pair[], tolerance: number): AliasReading {
  const logs = logRatios(pairs);
  const difference = pairedDifference(logs);
  const interval = meanInterval(logs, 0.95);
  return {
    metric,
    pairs: pairs.length,
    ratio: difference === null ? null : ratioOf(difference.mean),
    interval: interval === null ? null : ratioInterval(interval),
    gate: gateOf(logs, tolerance),
  };
}

function gateOf(logs: readonly number[], tolerance: number): GateReading {
  const gate = 'alias' as const;
  const limit = `half-width at most ${percent(tolerance)}, and no ratio beyond ${percent(tolerance / 2)} that excludes 1`;
  const interval = meanInterval(logs, 0.95);
  if (interval === null) return { gate, passed: false, reading: pairsText(logs.length), limit };
  const middle = (interval.lower + interval.upper) / 2;
  const halfWidth = (interval.upper - interval.lower) / 2;
  const excludesOne = interval.lower > 0 || interval.upper < 0;
  const isBiased = excludesOne && Math.abs(middle) > Math.log1p(tolerance / 2);
  const isNoisy = halfWidth > Math.log1p(tolerance);
  const bounds = range(Math.exp(interval.lower), ratioOf(interval.upper), ratioText);
  const reading = `${ratioText(Math.exp(middle))} (${bounds}), half-width ${percent(Math.expm1(halfWidth))}`;
  return { gate, passed: !isBiased && !isNoisy, reading, limit };
}

function pairsText(pairs: number): string {
  if (pairs === 0) return 'no pair of a target with itself';
  return `${pairs} pair of a target with itself, an interval needs two`;
}

/**
 * The A/A gate as one pair meets it: a pair whose whole 95 % interval lies farther from 1 than either end of the A/A interval passes, for no
 * difference as large was ever seen between a target and itself. With three blocks the A/A interval is wide by chance alone; without this a
 * difference of sixtyfold would be withheld for a floor of twofold.
 */
export function aliasGateFor({ gate, interval }: AliasReading, logs: readonly number[]): GateReading {
  const own = meanInterval(logs, 0.95);
  if (gate.passed || interval === null || own === null) return gate;
  const floor = Math.max(Math.abs(Math.log(interval.lower)), Math.abs(Math.log(interval.upper)));
  const nearest = own.lower > 0 ? own.lower : -own.upper;
  if (nearest <= floor) return gate;
  return { ...gate, passed: true, reading: `${gate.reading}; this pair lies beyond all of it` };
}
