import { normalQuantile, tQuantile, twoSidedP } from './student-t.ts';
import { summarise } from './summary.ts';

/** Chance that a difference as large as the one stated would have been found. */
const power = 0.8;

/** A target's and the baseline's value of one metric in one block, in the same unit, both positive. */
export interface Pair {
  readonly target: number;
  readonly baseline: number;
}

/** What paired blocks say of target over baseline, on the scale of natural logarithms. */
export interface PairedDifference {
  /** Blocks with both values. */
  readonly blocks: number;
  /** Mean of the log-ratios: its exponential is the ratio. */
  readonly mean: number;
  /** Standard deviation of the log-ratios; null with one block. */
  readonly sd: number | null;
  /** Two-sided p value of "the ratio is 1"; null with one block. */
  readonly pValue: number | null;
}

/** d_b = ln x_{target,b} - ln x_{baseline,b} of each block b (method, formula "paired log-ratio"). */
export function logRatios(pairs: readonly Pair[]): number[] {
  return pairs.map(({ target, baseline }) => Math.log(target / baseline));
}

/**
 * Paired t test of the log-ratios against 0: t = mean / (s / sqrt(n)), n - 1 degrees of freedom (Student 1908). Without any spread the p value
 * is 1 where every ratio is 1 and 0 elsewhere. Null without a block.
 */
export function pairedDifference(logs: readonly number[]): PairedDifference | null {
  const summary = summarise(logs);
  if (summary === null) return null;
  const { count, mean, sd } = summary;
  if (sd === null) return { blocks: count, mean, sd, pValue: null };
  const pValue = mean === 0 ? 1 : twoSidedP(mean / (sd / Math.sqrt(count)), count - 1);
  return { blocks: count, mean, sd, pValue };
}

/**
 * Smallest ratio above 1, minus 1, that `blocks` blocks of this spread would show in four of five experiments:
 * exp((t_{n-1, 1-a/2} + t_{n-1, 0.80}) * s / sqrt(n)) - 1 with a = 1 - level (method, "smallest detectable effect"; the usual power
 * approximation of Cohen, "Statistical Power Analysis for the Behavioral Sciences", 1988). `sd` is that of the log-ratios.
 */
export function detectableEffect(sd: number, blocks: number, level = 0.95): number | null {
  if (blocks < 2) return null;
  const freedom = blocks - 1;
  const reach = tQuantile((1 + level) / 2, freedom) + tQuantile(power, freedom);
  return Math.min(Number.MAX_VALUE, Math.expm1((reach * sd) / Math.sqrt(blocks)));
}

/**
 * Blocks needed to tell a ratio of 1 + margin from 1 with 80 % power at this spread:
 * ceil(((z_{1-a/2} + z_{0.8}) * s / ln(1 + margin))^2) + 2 with a = 1 - level (method, "blocks for a wanted margin"; the 2 pays for the
 * normal quantiles in place of Student's).
 */
export function blocksForMargin(sd: number, margin: number, level = 0.95): number {
  const reach = normalQuantile((1 + level) / 2) + normalQuantile(power);
  const blocks = Math.ceil(((reach * sd) / Math.log1p(margin)) ** 2) + 2;
  return Math.min(Number.MAX_SAFE_INTEGER, blocks);
}
