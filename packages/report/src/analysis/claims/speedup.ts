import type { Claim, JudgedClaim, ParallelCapacity, PlannedComparison, TargetId } from '@photofinish/schema';
import { counted, percent, significant } from '../../wording/number.ts';
import { capacityIn } from '../capacity.ts';
import { speedupOf } from '../scaling.ts';
import { intervalText, ratioText } from '../wording.ts';
import { combined, type JudgedTarget, outcomeWithin, unjudged } from './judged-target.ts';
import { type ClaimSubject, comparisonFor, fewestFor, whyMissing } from './subject.ts';

type SpeedupClaim = Extract<Claim, { rule: 'speedup' }>;

/** Share of perfect speedup the host itself must show before any claim about scaling is judged: 1.7 on two cores. */
const capacityLimit = 0.85;

interface Bound {
  readonly lower: number;
  readonly upper: number;
  readonly text: string;
}

/**
 * Judges speedup, paired by replicate, against a bound: at most a number, or at least a share of the host's mean parallel capacity. Gated by that
 * capacity: a host that cannot show speedup cannot show its absence either. Holds where the 95 % interval of every target lies wholly on the right
 * side of the bound.
 */
export function judgeSpeedup(claim: SpeedupClaim, subject: ClaimSubject): Pick<JudgedClaim, 'outcome' | 'reason'> {
  if (claim.atMost === undefined && claim.atLeastShareOfCapacity === undefined)
    return cannotTell('the claim states no bound');
  const from = comparisonFor(subject, claim.from);
  if (typeof from === 'string') return cannotTell(from);
  const to = comparisonFor(subject, claim.to);
  if (typeof to === 'string') return cannotTell(to);
  const capacity = capacityIn([to], subject.histories);
  if (capacity === null) return cannotTell(`the parallel capacity of the host on ${coresText(to)} was not measured`);
  // Capacity is against one core; a smaller number of cores that is more than one has a capacity of its own.
  const base = from.targetCores.length === 1 ? 1 : capacityIn([from], subject.histories)?.mean;
  if (base === undefined) return cannotTell(`the parallel capacity of the host on ${coresText(from)} was not measured`);
  const shown = capacity.mean / base;
  const perfect = to.targetCores.length / from.targetCores.length;
  if (shown < capacityLimit * perfect) {
    const wanted = significant(capacityLimit * perfect);
    return cannotTell(`this host showed ${capacityText(capacity)}, and a claim about scaling needs ${wanted}`);
  }
  const bound = boundOf(claim, shown);
  const targets = claim.targets.map((targetId) => judgeTarget(subject, from, to, targetId, bound));
  const figures = targets.map(({ text }) => text).join('; ');
  return {
    outcome: combined(targets),
    reason: `Speedup from ${coresText(from)} to ${coresText(to)}, bound ${bound.text}: ${figures}; ${capacityText(capacity)}.`,
  };
}

function boundOf({ atMost, atLeastShareOfCapacity }: SpeedupClaim, capacity: number): Bound {
  const upper = atMost ?? Number.POSITIVE_INFINITY;
  const lower = atLeastShareOfCapacity === undefined ? 0 : atLeastShareOfCapacity * capacity;
  const texts = [
    ...(atMost === undefined ? [] : [`at most ${significant(atMost)}`]),
    ...(atLeastShareOfCapacity === undefined
      ? []
      : [`at least ${significant(lower)} (${percent(atLeastShareOfCapacity)} of parallel capacity)`]),
  ];
  return { lower, upper, text: texts.join(' and ') };
}

function judgeTarget(
  subject: ClaimSubject,
  from: PlannedComparison,
  to: PlannedComparison,
  targetId: TargetId,
  bound: Bound,
): JudgedTarget {
  const found = speedupOf(from, to, targetId, subject.histories);
  const fewest = fewestFor(subject);
  if (found === null || found.interval === null || found.pairs < fewest) {
    return unjudged(targetId, whyMissing(subject, targetId, found?.pairs ?? 0, fewest));
  }
  return {
    outcome: outcomeWithin(found.interval, bound.lower, bound.upper),
    text: `${targetId} ${ratioText(found.speedup)} (${intervalText(found.interval)})`,
  };
}

function capacityText({ cores, readings, mean, minimum, maximum }: ParallelCapacity): string {
  const spread = readings.length === 1 ? 'one reading' : `${significant(minimum)} to ${significant(maximum)}`;
  return `a parallel capacity of ${significant(mean)} on ${counted(cores, 'core')} (${spread})`;
}

const coresText = ({ targetCores }: PlannedComparison): string => counted(targetCores.length, 'core');

function cannotTell(reason: string): Pick<JudgedClaim, 'outcome' | 'reason'> {
  return { outcome: 'cannot-tell', reason: `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.` };
}
