import type { Metric, Verdict } from '@photofinish/schema';
import { geometricMean, type Judgement, type Pair } from '@photofinish/stats';
import { counted, percent } from '../wording/number.ts';
import { unitFor, withUnit } from '../wording/unit.ts';
import { type MemoryBasis, memoryBasisTexts } from './metric.ts';
import { atLeast, intervalText, type MetricWords, metricWords, ratioText } from './wording.ts';

/** What a verdict's sentence is made of. */
export interface SentenceParts {
  readonly verdict: Omit<Verdict, 'sentence'>;
  readonly judgement: Judgement;
  readonly pairs: readonly Pair[];
  /** Title of the comparison. */
  readonly title: string;
  readonly basis: MemoryBasis;
}

/**
 * A verdict in words, for example: `Waiting 50 ms, one core: python/threads served 0.125 times the requests per second of node/async-await (0.121
 * to 0.129 with 98.8 % confidence; 638 /s against 5,060 /s): different, at least 7.7 times fewer. Provisional, shape-only.`
 */
export function verdictSentence(parts: SentenceParts): string {
  const { verdict, title } = parts;
  const stamps = verdict.stamps.length === 0 ? '' : ` ${capitalised(verdict.stamps.join(', '))}.`;
  return `${title}: ${verdict.verdict === 'no-verdict' ? refusal(verdict) : judged(parts)}${stamps}`;
}

function judged(parts: SentenceParts): string {
  const { verdict, judgement, pairs, basis } = parts;
  const words = metricWords[verdict.metric];
  const noun = verdict.metric === 'memory' ? `${words.noun} (${memoryBasisTexts[basis]})` : words.noun;
  const ratio = `${ratioText(verdict.ratio ?? Number.NaN)} times ${noun} of ${verdict.baseline}`;
  const shown = judgement.verdict === 'practically-equivalent' ? judgement.equivalence : judgement.adjusted;
  const interval = shown === null ? '' : `${intervalText(shown)}; `;
  return `${verdict.targetId} ${words.verb} ${ratio} (${interval}${figures(verdict.metric, pairs)}): ${conclusion(parts, words)}.`;
}

function conclusion({ verdict, judgement }: SentenceParts, words: MetricWords): string {
  const margin = percent(verdict.margin);
  switch (judgement.verdict) {
    case 'different':
      return judgement.adjusted === null ? 'different' : `different, ${atLeast(judgement.adjusted, words)}`;
    case 'different-but-may-be-small':
      return `different, but the difference may be smaller than the margin of ${margin}`;
    case 'practically-equivalent':
      return `practically equivalent, within the margin of ${margin}`;
    case 'inconclusive':
    case 'no-verdict':
      return `cannot tell. ${whatItTakes(judgement)}`;
  }
}

function whatItTakes({ isContested, blocks, detectable, blocksNeeded }: Judgement): string {
  if (isContested) return 'Ranks do not confirm what the means say, so that a few blocks may decide it';
  const could = `These ${counted(blocks, 'block')} could have shown a difference of ${percent(detectable ?? Number.NaN)}`;
  if (blocksNeeded === null) return `${could}; the ratio lies too near the margin for more blocks to promise an answer`;
  return `${could}; about ${counted(blocksNeeded, 'block')} would settle it`;
}

function refusal({ metric, targetId, baseline, blocks, gates }: Omit<Verdict, 'sentence'>): string {
  const failed = gates.filter(({ passed }) => !passed);
  // Without a single pair every other gate repeats what this one explains.
  const missing = blocks === 0 ? failed.find(({ gate }) => gate === 'measured') : undefined;
  const reasons = missing?.reading ?? failed.map(({ reading, limit }) => `${reading} (needed: ${limit})`).join('; ');
  return `no verdict on the ${metricWords[metric].title} of ${targetId} against ${baseline}: ${reasons}.`;
}

/** Typical values of both sides over the paired blocks, in one unit. */
function figures(metric: Metric, pairs: readonly Pair[]): string {
  const target = geometricMean(pairs.map((pair) => pair.target))?.value;
  const baseline = geometricMean(pairs.map((pair) => pair.baseline))?.value;
  if (target === undefined || baseline === undefined) return 'no figures';
  const unit = unitFor(metric, [target, baseline]);
  return `${withUnit(target, unit)} against ${withUnit(baseline, unit)}`;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
