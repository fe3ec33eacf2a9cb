import type { GateReading } from '@photofinish/schema';
import type { Interval } from './interval.ts';
import { companionAgrees, isBeyond, type JudgedIntervals } from './rule.ts';

/** On a host that shows shapes only, an interval counts where all of it lies beyond a factor of 1 + this. */
export const shapeOnlyMargin = 0.5;

/**
 * The gate of a host with few cores or a noisy hiccup meter (design, method in brief): a verdict is given only where the whole adjusted
 * interval lies beyond a factor of 1.5 (or of 1 + margin where that is more), and where the robust companion, if it has a say, shows the same.
 */
export function shapeOnlyGate(logs: readonly number[], intervals: JudgedIntervals | null, margin: number): GateReading {
  const wanted = Math.max(margin, shapeOnlyMargin);
  const limit = `wholly beyond a factor of ${Number((1 + wanted).toPrecision(3))}`;
  if (intervals === null) return { gate: 'shape-only', passed: false, reading: 'no interval', limit };
  const isShape = isBeyond(intervals.adjusted, wanted);
  const passed = isShape && companionAgrees('different', intervals, logs, wanted);
  const reserve = isShape && !passed ? '; the signed-rank interval is not' : '';
  return { gate: 'shape-only', passed, reading: `interval ${asText(intervals.adjusted)}${reserve}`, limit };
}

function asText({ lower, upper }: Interval): string {
  return `${shortened(Math.exp(lower))} to ${shortened(Math.exp(upper))}`;
}

/** Three significant digits, and three decimals around 1, so that bounds on both sides of it differ. */
function shortened(value: number): string {
  return value > 0.9 && value < 1.1 ? value.toFixed(3) : value.toPrecision(3);
}
