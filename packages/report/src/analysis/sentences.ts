import type { AnalysedComparison, GateReading, JudgedClaim, Plan, PlannedTarget, Verdict } from '@photofinish/schema';
import { causeTexts } from '@photofinish/schema';
import { counted } from '../wording/number.ts';

/** Most sentences of one kind; the rest is counted, and stands whole in the table of verdicts. */
const mostDifferences = 8;
const mostOthers = 4;

const outcomeTexts: Record<JudgedClaim['outcome'], string> = {
  holds: 'Holds',
  'does-not-hold': 'Does not hold',
  'cannot-tell': 'Cannot tell on this host',
};

/** What sentences are chosen from. */
export interface Findings {
  readonly plan: Plan;
  readonly claims: readonly JudgedClaim[];
  readonly comparisons: readonly AnalysedComparison[];
  readonly isComplete: boolean;
}

/**
 * What to read first: claims, then differences from the largest, dead heats, pairs that cannot be told, and then what was refused, absent or left
 * out. In a closed loop response times stay out: by Little's law they repeat throughput.
 */
export function sentencesOf({ plan, claims, comparisons, isComplete }: Findings): string[] {
  const verdicts = comparisons.flatMap((comparison) => headlinesOf(plan, comparison));
  const of = (...words: Verdict['verdict'][]) =>
    verdicts.filter(({ verdict }) => words.includes(verdict)).toSorted(bySize);
  return [
    ...claims.map(({ sentence, outcome, reason }) => `${outcomeTexts[outcome]}: ${sentence} ${reason}`),
    ...some(of('different', 'different-but-may-be-small'), mostDifferences, 'difference'),
    ...some(of('practically-equivalent').reverse(), mostOthers, 'dead heat'),
    ...some(of('inconclusive'), mostOthers, 'inconclusive pair'),
    ...refusalsOf(verdicts),
    ...comparisons.flatMap((comparison) => unmeasuredOf(plan, comparison)),
    ...plan.targets.flatMap(absenceOf),
    ...plan.leftOut.map(({ comparisonId, reason }) => `Left out: ${comparisonId}, because ${reason}.`),
    ...(isComplete
      ? []
      : ['The run is incomplete: some planned trials have no final record. Resume it to finish them.']),
  ];
}

function headlinesOf(plan: Plan, { id, verdicts }: AnalysedComparison): Verdict[] {
  const loop = plan.comparisons.find((comparison) => comparison.id === id)?.load.arrivals.loop;
  return verdicts.filter(({ metric }) => loop === 'open' || !metric.startsWith('response-time'));
}

const bySize = (one: Verdict, other: Verdict): number => size(other) - size(one);
const size = ({ ratio }: Verdict): number => (ratio === null ? 0 : Math.abs(Math.log(ratio)));

function some(verdicts: readonly Verdict[], most: number, noun: string): string[] {
  const rest = verdicts.length - most;
  const more = rest > 0 ? [`${counted(rest, `further ${noun}`)} in the table of verdicts.`] : [];
  return [...verdicts.slice(0, most).map(({ sentence }) => sentence), ...more];
}

const gateNames: Record<GateReading['gate'], string> = {
  measured: 'one side or its value was not measured',
  blocks: 'there are too few valid blocks',
  'dropped-blocks': 'too many blocks lack one side',
  guards: 'invalid attempts are spread unevenly',
  errors: 'too many requests ended in errors',
  alias: 'the A/A alias differs from its own target, or is too noisy to tell',
  'shape-only':
    'only shapes show on this host or on cores it shares, and the interval does not lie wholly beyond a factor of 1.5',
};

/** One sentence for each gate that refused, with the number of pairs and one of them. */
function refusalsOf(verdicts: readonly Verdict[]): string[] {
  const refused = verdicts.filter(({ verdict, blocks }) => verdict === 'no-verdict' && blocks > 0);
  const byGate = Map.groupBy(refused, ({ gates }) => gates.find(({ passed }) => !passed)?.gate ?? 'measured');
  return [...byGate].map(([gate, of]) => {
    const sentence = `No verdict on ${counted(of.length, 'pair')}, because ${gateNames[gate]}.`;
    return `${sentence} For example: ${of[0]?.sentence}`;
  });
}

/** One sentence for each reason why pairs of targets that are present have nothing to compare. */
function unmeasuredOf({ targets }: Plan, { title, verdicts }: AnalysedComparison): string[] {
  const isPresent = (targetId: string) =>
    targets.some((target) => target.targetId === targetId && target.absence === null);
  const empty = verdicts.filter(({ blocks, targetId }) => blocks === 0 && isPresent(targetId));
  const byReason = Map.groupBy(empty, ({ gates }) => gates.find(({ passed }) => !passed)?.reading ?? 'not measured');
  return [...byReason].map(
    ([reason, of]) => `${title}: no verdict on ${counted(of.length, 'pair')}, because ${reason}.`,
  );
}

function absenceOf({ targetId, absence }: PlannedTarget): string[] {
  if (absence === null) return [];
  return [`${targetId} was not run: ${causeTexts[absence.cause]} (${absence.reason}). Remedy: ${absence.remedy}`];
}
