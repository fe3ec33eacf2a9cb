import { z } from 'zod';
import { Metric } from './experiment.ts';
import { ComparisonId, TargetId } from './ids.ts';
import { Count } from './units.ts';

/** What the rule says of one target against the baseline. */
export const VerdictWord = z.enum([
  'different',
  'different-but-may-be-small',
  'practically-equivalent',
  'inconclusive',
  'no-verdict',
]);
export type VerdictWord = z.infer<typeof VerdictWord>;

/** An interval on the ratio scale, with its level and how it was made. */
export const RatioInterval = z.strictObject({
  lower: z.number().nonnegative(),
  upper: z.number().positive(),
  level: z.number().min(0).max(1),
});
export type RatioInterval = z.infer<typeof RatioInterval>;

/** A gate that can refuse a verdict, with its reading. */
export const GateReading = z.strictObject({
  gate: z.enum(['blocks', 'dropped-blocks', 'alias', 'errors', 'guards', 'shape-only', 'measured']),
  passed: z.boolean(),
  reading: z.string(),
  limit: z.string(),
});
export type GateReading = z.infer<typeof GateReading>;

/** Conditions stamped on a verdict. */
export const Stamp = z.enum(['provisional', 'shape-only', 'incomplete']);
export type Stamp = z.infer<typeof Stamp>;

/** The judgement on one target, one comparison, one metric. Page, terminal, charts and exports all show this object. */
export const Verdict = z
  .strictObject({
    comparisonId: ComparisonId,
    metric: Metric,
    targetId: TargetId,
    baseline: TargetId,
    verdict: VerdictWord,
    /** Which way the ratio points, in the reader's terms; null unless the verdict is one of difference. */
    direction: z.enum(['better', 'worse']).nullable(),
    /** Valid pairs of blocks. */
    blocks: Count,
    /** Geometric mean of target over baseline; null without a pair. */
    ratio: z.number().positive().nullable(),
    /** Student-t interval of the paired log-ratio, 95 %. */
    interval: RatioInterval.nullable(),
    /** The interval at the level Holm's procedure gives this pair: the one the rule looks at. */
    adjusted: RatioInterval.nullable(),
    pValue: z.number().min(0).max(1).nullable(),
    pAdjusted: z.number().min(0).max(1).nullable(),
    margin: z.number().positive(),
    /** Smallest ratio above 1 these blocks could have shown with 80 % power, minus 1; null with fewer than two pairs. */
    detectable: z.number().nonnegative().nullable(),
    /** Blocks that would settle an inconclusive pair at this spread. */
    blocksNeeded: Count.nullable(),
    gates: z.array(GateReading),
    stamps: z.array(Stamp),
    /** The verdict in words, with figures and units. */
    sentence: z.string(),
  })
  .meta({ id: 'verdict', title: 'Verdict' });
export type Verdict = z.infer<typeof Verdict>;
