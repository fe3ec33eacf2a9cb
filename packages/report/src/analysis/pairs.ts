import type { Metric, OkTrial, TargetId } from '@photofinish/schema';
import type { Pair } from '@photofinish/stats';
import { type MemoryBasis, metricValue, reasonWithoutValue } from './metric.ts';
import { okRecord, type TrialHistory } from './trials.ts';

/** A metric as it is read in one comparison. */
export interface MetricReading {
  readonly metric: Metric;
  readonly basis: MemoryBasis;
}

/** What the blocks of a comparison give for one target against the baseline. */
export interface PairedBlocks {
  /** Blocks in the plan. */
  readonly planned: number;
  /** Blocks in which both trials are `ok` and both have a value, in order. */
  readonly pairs: readonly Pair[];
  /** Why the metric has no value, one for each block in which both trials are `ok`. */
  readonly withoutValue: readonly string[];
}

/** Pairs a target with the baseline within each block. */
export function pairWithBaseline(
  histories: readonly TrialHistory[],
  targetId: TargetId,
  baseline: TargetId,
  reading: MetricReading,
): PairedBlocks {
  const blocks = blocksOf(histories);
  const pairs: Pair[] = [];
  const withoutValue: string[] = [];
  for (const block of blocks) {
    const trial = okTrialOf(block, targetId, 'target');
    const other = okTrialOf(block, baseline, 'target');
    if (trial === null || other === null) continue;
    const pair = pairOf(trial, other, reading);
    if (typeof pair === 'string') withoutValue.push(pair);
    else pairs.push(pair);
  }
  return { planned: blocks.length, pairs, withoutValue };
}

/** Pairs each A/A alias with its own target within the block. The target may differ from block to block. */
export function pairWithItself(histories: readonly TrialHistory[], reading: MetricReading): Pair[] {
  return blocksOf(histories).flatMap((block) =>
    block
      .filter(({ trial }) => trial.role === 'alias')
      .flatMap((alias) => {
        const trial = okRecord(alias);
        const itself = okTrialOf(block, alias.trial.targetId, 'target');
        const pair = trial === null || itself === null ? '' : pairOf(trial, itself, reading);
        return typeof pair === 'string' ? [] : [pair];
      }),
  );
}

function blocksOf(histories: readonly TrialHistory[]): TrialHistory[][] {
  return [...Map.groupBy(histories, ({ block }) => block).entries()]
    .toSorted(([one], [other]) => one.replicate - other.replicate)
    .map(([, trials]) => trials);
}

function okTrialOf(block: readonly TrialHistory[], targetId: TargetId, role: 'target' | 'alias'): OkTrial | null {
  return okRecord(block.find(({ trial }) => trial.targetId === targetId && trial.role === role));
}

function pairOf(trial: OkTrial, other: OkTrial, { metric, basis }: MetricReading): Pair | string {
  const target = metricValue(metric, trial, basis);
  const baseline = metricValue(metric, other, basis);
  if (target === null) return reasonWithoutValue(metric, trial);
  return baseline === null ? reasonWithoutValue(metric, other) : { target, baseline };
}
