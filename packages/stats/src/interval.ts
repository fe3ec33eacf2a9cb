import type { RatioInterval } from '@photofinish/schema';
import { tQuantile } from './student-t.ts';
import { summarise } from './summary.ts';

/** An interval around an estimate, in the unit of the values. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
  /** Confidence level, between 0 and 1. */
  readonly level: number;
}

/** A geometric mean in the values' own unit, with an interval that is null with fewer than two values. */
export interface GeometricMean {
  readonly value: number;
  readonly interval: Interval | null;
}

/**
 * Student-t interval of the mean: mean +/- t_{n-1, 1-a/2} * s / sqrt(n) with a = 1 - level (Student 1908). The values are trials, the
 * independent unit, never requests. Null with fewer than two values: one trial says nothing about its spread.
 */
export function meanInterval(values: readonly number[], level: number): Interval | null {
  const summary = summarise(values);
  if (summary === null || summary.sd === null) return null;
  const halfWidth = (tQuantile((1 + level) / 2, summary.count - 1) * summary.sd) / Math.sqrt(summary.count);
  return { lower: summary.mean - halfWidth, upper: summary.mean + halfWidth, level };
}

/**
 * Geometric mean of positive values with the Student-t interval of their logarithms: a typical trial's value (`docs/method.md`, percentiles
 * across trials). Null of no values.
 */
export function geometricMean(values: readonly number[], level = 0.95): GeometricMean | null {
  const logarithms = values.map((value) => Math.log(value));
  const summary = summarise(logarithms);
  if (summary === null) return null;
  const interval = meanInterval(logarithms, level);
  return { value: ratioOf(summary.mean), interval: interval === null ? null : ratioInterval(interval) };
}

/** A log-ratio as a ratio, kept positive and finite so that it can be written as JSON. */
export function ratioOf(logRatio: number): number {
  return Math.min(Number.MAX_VALUE, Math.max(Number.MIN_VALUE, Math.exp(logRatio)));
}

/** An interval of logarithms on the scale of ratios. Bounds past the largest number (two wildly different blocks) become that number. */
export function ratioInterval(interval: Interval): RatioInterval {
  return { lower: Math.exp(interval.lower), upper: ratioOf(interval.upper), level: interval.level };
}
