import type { AdjustedRatio, PlannedComparison, SpeedAdjustment, TargetId } from '@photofinish/schema';
import {
  adjustedLogRatios,
  type CovariatePair,
  meanInterval,
  pairedDifference,
  ratioInterval,
  ratioOf,
  tryAdjustment,
  withinSlope,
} from '@photofinish/stats';
import { percent } from '../../wording/number.ts';
import { okRecord, type TrialHistory } from '../trials.ts';
import { secondsOf, trialPoint } from './points.ts';

/**
 * Throughput adjusted for the speed of the cores (method, section 14, speed meter, point 4): within trials, second by second, each target shows
 * how its throughput follows the canary; by that slope its trials are brought to the speed that the cores had on the mean. Accepted only where
 * the A/A alias differs less from its own target by it; its coverage is held by `packages/stats/src/simulation/adjustment.test.ts`.
 */
export function speedAdjustmentOf(
  comparison: PlannedComparison,
  histories: readonly TrialHistory[],
  baseline: TargetId,
): SpeedAdjustment {
  const dropped = (reason: string): SpeedAdjustment => ({ outcome: 'dropped', reason });
  const trials = histories.flatMap((history) => okRecord(history) ?? []);
  const cores = comparison.targetCores;
  if (trials.every((trial) => trialPoint(trial, cores) === null))
    return dropped('the speed of the cores was not read here');
  const byTarget = Map.groupBy(trials, ({ targetId }) => targetId);
  const slopes = new Map(
    [...byTarget].flatMap(([targetId, own]) => {
      const found = withinSlope(own.map((trial) => secondsOf(trial, cores)));
      return found === null ? [] : [[targetId, found.slope] as const];
    }),
  );
  if (slopes.size === 0) return dropped('its windows hold too few whole seconds to tell how throughput follows it');
  const alias = slopedPairs(histories, cores, slopes, (targetId, role) => (role === 'alias' ? targetId : null));
  const trial = tryAdjustment(
    alias.flatMap(({ pairs }) => adjustedLogRatios(pairs, { target: 0, baseline: 0 })),
    alias.flatMap(({ pairs, slope, baselineSlope }) =>
      adjustedLogRatios(pairs, { target: slope, baseline: baselineSlope }),
    ),
  );
  if (trial === null) return dropped('fewer than three pairs of a target with itself say whether it helps');
  const { pairs: aliasPairs, rawSpread, adjustedSpread } = trial;
  if (!trial.isAccepted)
    return dropped(
      `it does not help: a target differs from itself by ${percent(rawSpread)} as it is and by ${percent(adjustedSpread)} adjusted (standard deviation of ${aliasPairs} pairs)`,
    );
  const rivals = slopedPairs(histories, cores, slopes, (targetId, role) =>
    role === 'target' && targetId !== baseline ? baseline : null,
  );
  return { outcome: 'accepted', aliasPairs, rawSpread, adjustedSpread, ratios: rivals.map(ratioOfPairs) };
}

interface SlopedPairs {
  readonly targetId: TargetId;
  readonly slope: number;
  readonly baselineSlope: number;
  readonly pairs: readonly CovariatePair[];
}

/** Pairs within blocks, by target: `rivalOf` names the target that a trial is held against, or none. */
function slopedPairs(
  histories: readonly TrialHistory[],
  cores: readonly number[],
  slopes: ReadonlyMap<TargetId, number>,
  rivalOf: (targetId: TargetId, role: 'target' | 'alias') => TargetId | null,
): SlopedPairs[] {
  const pointOf = (history: TrialHistory | undefined) => {
    const record = okRecord(history);
    return record === null ? null : trialPoint(record, cores);
  };
  const paired = histories.flatMap((history) => {
    const { targetId, role } = history.trial;
    const rivalId = rivalOf(targetId, role);
    const [slope, baselineSlope] = [slopes.get(targetId), rivalId === null ? undefined : slopes.get(rivalId)];
    const rival = histories.find(
      ({ block, trial }) =>
        block.blockId === history.block.blockId && trial.targetId === rivalId && trial.role === 'target',
    );
    const [target, baseline] = [pointOf(history), pointOf(rival)];
    if (slope === undefined || baselineSlope === undefined || target === null || baseline === null) return [];
    return [{ targetId, slope, baselineSlope, pair: { target, baseline } }];
  });
  return [...Map.groupBy(paired, ({ targetId }) => targetId)].flatMap(([targetId, own]) => {
    const [first] = own;
    if (first === undefined) return [];
    return [{ ...first, targetId, pairs: own.map(({ pair }) => pair) }];
  });
}

function ratioOfPairs({ targetId, slope, baselineSlope, pairs }: SlopedPairs): AdjustedRatio {
  const read = (logs: readonly number[]) => {
    const interval = meanInterval(logs, 0.95);
    return {
      ratio: ratioOf(pairedDifference(logs)?.mean ?? 0),
      interval: interval === null ? null : ratioInterval(interval),
    };
  };
  const raw = read(adjustedLogRatios(pairs, { target: 0, baseline: 0 }));
  const adjusted = read(adjustedLogRatios(pairs, { target: slope, baseline: baselineSlope }));
  return {
    targetId,
    slope,
    baselineSlope,
    pairs: pairs.length,
    ...raw,
    adjustedRatio: adjusted.ratio,
    adjustedInterval: adjusted.interval,
  };
}
