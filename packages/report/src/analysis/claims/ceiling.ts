import type { Claim, JudgedClaim, PlannedComparison, TargetId } from '@photofinish/schema';
import { counted, levelText, percent, range } from '../../wording/number.ts';
import { quantity } from '../../wording/unit.ts';
import { estimateOf } from '../estimate.ts';
import { metricValue } from '../metric.ts';
import { historiesIn, okRecord } from '../trials.ts';
import { combined, type JudgedTarget, outcomeWithin, unjudged } from './judged-target.ts';
import { type ClaimSubject, comparisonFor, fewestFor, whyMissing } from './subject.ts';

type CeilingClaim = Extract<Claim, { rule: 'ceiling' }>;

/**
 * Judges throughput against the ceiling that arithmetic gives: S requests that each wait d seconds complete S / d a second (Little 1961), S being
 * the connections or the request threads. Holds where the 95 % interval of every target lies within the tolerance of the ceiling.
 */
export function judgeCeiling(claim: CeilingClaim, subject: ClaimSubject): Pick<JudgedClaim, 'outcome' | 'reason'> {
  const comparison = comparisonFor(subject, claim.comparison);
  if (typeof comparison === 'string') return { outcome: 'cannot-tell', reason: `${comparison}.` };
  const { waitSeconds } = comparison.workload;
  if (waitSeconds === 0)
    return { outcome: 'cannot-tell', reason: `${comparison.title} does not wait: it has no such ceiling.` };
  const slots = slotsOf(comparison, claim.ceiling);
  const ceiling = slots.count / waitSeconds;
  const targets = claim.targets.map((targetId) => judgeTarget(claim, subject, comparison, targetId, ceiling));
  const wait = quantity('response-time-p50', waitSeconds);
  const bound = `${counted(slots.count, slots.noun)} / ${wait} = ${quantity('throughput', ceiling)}, within ${percent(claim.tolerance)}`;
  return { outcome: combined(targets), reason: `Ceiling ${bound}: ${targets.map(({ text }) => text).join('; ')}.` };
}

function slotsOf({ load, sizes }: PlannedComparison, ceiling: CeilingClaim['ceiling']) {
  return ceiling === 'connections'
    ? { count: load.arrivals.connections, noun: 'connection' }
    : { count: sizes.threads, noun: 'thread' };
}

function judgeTarget(
  { tolerance }: CeilingClaim,
  subject: ClaimSubject,
  comparison: PlannedComparison,
  targetId: TargetId,
  ceiling: number,
): JudgedTarget {
  const points = historiesIn(subject.histories, comparison.id)
    .filter(({ trial }) => trial.targetId === targetId && trial.role === 'target')
    .flatMap((history) => okRecord(history) ?? [])
    .flatMap((trial) => metricValue('throughput', trial, 'rss-peak') ?? []);
  const { value, interval } = estimateOf('throughput', points);
  const fewest = fewestFor(subject);
  if (value === null || interval === null || points.length < fewest) {
    return unjudged(targetId, whyMissing(subject, targetId, points.length, fewest));
  }
  return {
    outcome: outcomeWithin(interval, ceiling * (1 - tolerance), ceiling * (1 + tolerance)),
    text: `${targetId} ${quantity('throughput', value)} (${range(interval.lower, interval.upper)} with ${levelText(interval.level)} confidence)`,
  };
}
