import {
  type AliasReading,
  type JudgedMetric,
  metricFacts,
  type PlannedComparison,
  type Stamp,
  type Verdict,
} from '@photofinish/schema';
import { type FamilyMember, type Judgement, judgeFamily, logRatios } from '@photofinish/stats';
import { aliasGateFor } from './alias.ts';
import { gatesOf, type Side } from './gates.ts';
import type { MetricReading, PairedBlocks } from './pairs.ts';
import { pairWithBaseline } from './pairs.ts';
import type { TrialHistory } from './trials.ts';
import { verdictSentence } from './verdict-sentence.ts';

/** What the host and the plan allow all verdicts of a run. */
export interface JudgingTerms {
  readonly minimumBlocks: number;
  readonly isShapeOnly: boolean;
  readonly isProvisional: boolean;
}

/** One comparison and one metric with all its targets: the family over which Holm's procedure adjusts. */
export interface Family {
  readonly comparison: PlannedComparison;
  readonly judged: JudgedMetric;
  readonly reading: MetricReading;
  readonly histories: readonly TrialHistory[];
  readonly baseline: Side;
  readonly targets: readonly Side[];
  /** The A/A alias on this metric. */
  readonly alias: AliasReading;
}

/** Verdicts on every target of a family but the baseline, absent ones included, in the order of the targets. */
export function verdictsOf(family: Family, terms: JudgingTerms): Verdict[] {
  const { judged, reading, histories, baseline, alias } = family;
  const rivals = family.targets.filter(({ target }) => target.targetId !== baseline.target.targetId);
  const paired = rivals.map(({ target }) =>
    pairWithBaseline(histories, target.targetId, baseline.target.targetId, reading),
  );
  const members = rivals.map((side, index): FamilyMember => {
    const blocks = paired[index] as PairedBlocks;
    const logs = logRatios(blocks.pairs);
    const gates = gatesOf(judged.metric, side, baseline, blocks, aliasGateFor(alias, logs));
    return { targetId: side.target.targetId, logRatios: logs, gates };
  });
  const judgements = judgeFamily(members, { margin: judged.margin, ...terms });
  return judgements.map((judgement, index) => {
    const side = rivals[index] as Side;
    return verdictOf(family, side, paired[index] as PairedBlocks, judgement);
  });
}

function verdictOf(family: Family, side: Side, paired: PairedBlocks, judgement: Judgement): Verdict {
  const { comparison, judged, baseline } = family;
  const { equivalence: _equivalence, isContested: _isContested, gates, stamps, ...figures } = judgement;
  const isDifference = figures.verdict === 'different' || figures.verdict === 'different-but-may-be-small';
  const verdict: Omit<Verdict, 'sentence'> = {
    ...figures,
    comparisonId: comparison.id,
    metric: judged.metric,
    baseline: baseline.target.targetId,
    direction: isDifference && figures.ratio !== null ? directionOf(judged.metric, figures.ratio) : null,
    margin: judged.margin,
    gates: [...gates],
    stamps: [...stamps, ...incompleteStamp(side, baseline)],
  };
  return {
    ...verdict,
    sentence: verdictSentence({
      verdict,
      judgement,
      pairs: paired.pairs,
      title: comparison.title,
      basis: family.reading.basis,
    }),
  };
}

function directionOf(metric: JudgedMetric['metric'], ratio: number): 'better' | 'worse' {
  return ratio > 1 === (metricFacts[metric].better === 'higher') ? 'better' : 'worse';
}

/** Trials of either side are missing: what is judged is part of what was planned. */
function incompleteStamp(...sides: readonly Side[]): Stamp[] {
  return sides.some(({ histories }) => histories.some(({ isSettled }) => !isSettled)) ? ['incomplete'] : [];
}
