import type { GateReading, RatioInterval, Stamp, TargetId, VerdictWord } from '@photofinish/schema';
import { blocksForMargin, detectableEffect, type PairedDifference, pairedDifference } from './compare.ts';
import { type HolmStep, holm } from './holm.ts';
import { type Interval, meanInterval, ratioInterval, ratioOf } from './interval.ts';
import { companionAgrees, type JudgedIntervals, wordOf } from './rule.ts';
import { shapeOnlyGate } from './shape-only.ts';

/** Error rate of the whole family of pairs. */
const alpha = 0.05;

/** One target of a family: its log-ratios to the baseline, one a block, and the gates that were judged before the interval is looked at. */
export interface FamilyMember {
  readonly targetId: TargetId;
  readonly logRatios: readonly number[];
  readonly gates: readonly GateReading[];
}

/** What was declared before measuring, and what the host allows. */
export interface FamilyRule {
  /** Difference too small to matter, as a fraction. */
  readonly margin: number;
  /** Fewer valid blocks than this give no verdict; below two there is no interval, whatever is declared. */
  readonly minimumBlocks: number;
  readonly isShapeOnly: boolean;
  readonly isProvisional: boolean;
}

/** The statistical part of a verdict; ratios are target over baseline. */
export interface Judgement {
  readonly targetId: TargetId;
  readonly verdict: VerdictWord;
  readonly blocks: number;
  readonly ratio: number | null;
  /** Individual 95 % interval. */
  readonly interval: RatioInterval | null;
  /** Interval at the level of Holm's procedure. */
  readonly adjusted: RatioInterval | null;
  /** 90 % interval of the two one-sided tests. */
  readonly equivalence: RatioInterval | null;
  readonly pValue: number | null;
  readonly pAdjusted: number | null;
  readonly detectable: number | null;
  /** Whether the robust companion did not confirm what the t intervals say, so that the verdict is `inconclusive`. */
  readonly isContested: boolean;
  /** Null unless the spread alone makes the verdict `inconclusive` and more blocks than there are would settle it. */
  readonly blocksNeeded: number | null;
  readonly gates: readonly GateReading[];
  readonly stamps: readonly Stamp[];
}

/**
 * The whole verdict function: judges a family, that is one comparison and one metric with all its targets against the baseline. Gates come
 * first, then the rule of `wordOf` on intervals adjusted by Holm's procedure over every member with at least two blocks (members refused by a
 * gate included: leaving them out could only make the rest look more certain), then the robust companion, whose disagreement makes a verdict
 * `inconclusive`. Judgements are in the order of the members.
 */
export function judgeFamily(members: readonly FamilyMember[], rule: FamilyRule): Judgement[] {
  const differences = members.map((member) => pairedDifference(member.logRatios));
  const steps = holm(
    differences.flatMap((difference) => difference?.pValue ?? []),
    alpha,
  );
  let tested = 0;
  return members.map((member, index) => {
    const difference = differences[index] ?? null;
    const step = difference === null || difference.pValue === null ? null : (steps[tested++] ?? null);
    return judgeMember(member, difference, step, rule);
  });
}

function judgeMember(
  { targetId, logRatios, gates: judgedBefore }: FamilyMember,
  difference: PairedDifference | null,
  step: HolmStep | null,
  rule: FamilyRule,
): Judgement {
  const blocks = logRatios.length;
  const sd = difference?.sd ?? null;
  const intervals = step === null ? null : intervalsOf(logRatios, step.level);
  const gates = [...judgedBefore, blocksGate(blocks, rule.minimumBlocks)];
  if (rule.isShapeOnly) gates.push(shapeOnlyGate(logRatios, intervals, rule.margin));
  const isRefused = intervals === null || gates.some((gate) => !gate.passed);
  const word = isRefused ? 'no-verdict' : wordOf(intervals, rule.margin);
  const isContested = !isRefused && word !== 'no-verdict' && !companionAgrees(word, intervals, logRatios, rule.margin);
  const verdict = isContested ? 'inconclusive' : word;
  const needed = sd === null || step === null ? 0 : blocksForMargin(sd, rule.margin, step.level);
  return {
    targetId,
    verdict,
    blocks,
    ratio: difference === null ? null : ratioOf(difference.mean),
    interval: asRatio(meanInterval(logRatios, 1 - alpha)),
    adjusted: asRatio(intervals?.adjusted ?? null),
    equivalence: asRatio(intervals?.equivalence ?? null),
    pValue: difference?.pValue ?? null,
    pAdjusted: step?.adjusted ?? null,
    detectable: sd === null || step === null ? null : detectableEffect(sd, blocks, step.level),
    isContested,
    blocksNeeded: verdict === 'inconclusive' && !isContested && needed > blocks ? needed : null,
    gates,
    stamps: stampsOf(rule),
  };
}

function stampsOf(rule: FamilyRule): Stamp[] {
  const stamps: Stamp[] = [];
  if (rule.isProvisional) stamps.push('provisional');
  if (rule.isShapeOnly) stamps.push('shape-only');
  return stamps;
}

function intervalsOf(logs: readonly number[], level: number): JudgedIntervals | null {
  const adjusted = meanInterval(logs, level);
  const equivalence = meanInterval(logs, 1 - 2 * alpha);
  return adjusted === null || equivalence === null ? null : { adjusted, equivalence };
}

function asRatio(interval: Interval | null): RatioInterval | null {
  return interval === null ? null : ratioInterval(interval);
}

function blocksGate(blocks: number, minimumBlocks: number): GateReading {
  const limit = Math.max(2, minimumBlocks);
  return { gate: 'blocks', passed: blocks >= limit, reading: `${blocks} valid`, limit: `at least ${limit}` };
}
