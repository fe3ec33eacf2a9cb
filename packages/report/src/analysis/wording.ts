import type { Metric, RatioInterval } from '@photofinish/schema';
import { levelText, percent, range, significant } from '../wording/number.ts';

/** Ratios beyond this, or under its inverse, say no more than "very much". */
const largest = 1e6;

/** A ratio: three significant digits, three decimals around 1 so that bounds on both sides of it compare, words where a bound has lost its meaning. */
export function ratioText(ratio: number): string {
  if (ratio > largest) return 'over a million';
  if (ratio < 1 / largest) return 'under a millionth';
  return ratio > 0.9 && ratio < 1.1 ? ratio.toFixed(3) : significant(ratio);
}

/** An interval with its level: `0.240 to 0.260 with 95 % confidence`. */
export function intervalText({ lower, upper, level }: RatioInterval): string {
  return `${range(lower, upper, ratioText)} with ${levelText(level)} confidence`;
}

/** How a metric is spoken of. */
export interface MetricWords {
  /** After `no verdict on the`. */
  readonly title: string;
  /** What a target does with it: `served`. */
  readonly verb: string;
  /** What the baseline has: `the requests per second`. */
  readonly noun: string;
  readonly more: string;
  readonly less: string;
  /** `at least 2 times as many`. */
  readonly as: string;
}

/** Words for each metric; the direction that is better is not among them. */
export const metricWords: Record<Metric, MetricWords> = {
  throughput: {
    title: 'throughput',
    verb: 'served',
    noun: 'the requests per second',
    more: 'more',
    less: 'fewer',
    as: 'as many',
  },
  'cpu-per-request': {
    title: 'CPU time per request',
    verb: 'used',
    noun: 'the CPU time per request',
    more: 'more',
    less: 'less',
    as: 'as much',
  },
  'response-time-p50': {
    title: 'median response time',
    verb: 'had',
    noun: 'the median response time',
    more: 'longer',
    less: 'shorter',
    as: 'as long',
  },
  'response-time-p99': {
    title: 'p99 response time',
    verb: 'had',
    noun: 'the p99 response time',
    more: 'longer',
    less: 'shorter',
    as: 'as long',
  },
  memory: { title: 'memory', verb: 'held', noun: 'the memory', more: 'more', less: 'less', as: 'as much' },
};

/**
 * The size of a difference from the bound nearest 1, never rounded up: `at least 12 % more`, `at least 3.8 times as many`,
 * `at least 3.8 times fewer`.
 */
export function atLeast(interval: RatioInterval, words: MetricWords): string {
  if (interval.lower > 1) {
    const bound = interval.lower;
    return bound < 2 ? `at least ${share(bound - 1)} ${words.more}` : `at least ${times(bound)} ${words.as}`;
  }
  const bound = interval.upper;
  return bound > 0.5 ? `at least ${share(1 - bound)} ${words.less}` : `at least ${times(1 / bound)} ${words.less}`;
}

const times = (factor: number): string =>
  factor > largest ? 'a million times' : `${significant(floored(factor), 2)} times`;

const share = (fraction: number): string => percent(floored(fraction));

/** The value cut, not rounded, to two significant digits. */
function floored(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  // Half an ulp of slack: 0.12 / 0.01 is 12 in decimals.
  return Math.floor(value / unit + 1e-9) * unit;
}
