import type { Clock, Plan, Seconds, TrialRecord } from '@photofinish/schema';
import type { Progress } from '../events.ts';
import type { Outcomes } from './outcomes.ts';

/** Estimates the remaining time: each open trial takes as long as the attempts at its target and comparison did so far, or as the mean of all. */
export class ProgressMeter {
  private readonly plan: Plan;
  private readonly outcomes: Outcomes;
  private readonly clock: Clock;
  private readonly durations = new Map<string, number[]>();
  private startedAt: Seconds | null = null;

  constructor(plan: Plan, outcomes: Outcomes, clock: Clock) {
    this.plan = plan;
    this.outcomes = outcomes;
    this.clock = clock;
  }

  attemptStarted(): void {
    this.startedAt = this.clock.now();
  }

  attemptFinished(record: TrialRecord): void {
    if (this.startedAt === null) return;
    const key = cellKey(record.comparisonId, record.targetId);
    this.durations.set(key, [...(this.durations.get(key) ?? []), this.clock.now() - this.startedAt]);
    this.startedAt = null;
  }

  now(): Progress {
    const all = this.plan.blocks.flatMap((block) =>
      block.trials.map((trial) => ({ trial, key: cellKey(block.comparisonId, trial.targetId) })),
    );
    const open = all.filter(({ trial }) => !this.outcomes.isFinal(trial.trialId));
    const planned = this.plan.estimateSeconds / Math.max(1, all.length);
    const typical = mean([...this.durations.values()].flat()) ?? planned;
    const remainingSeconds = open.reduce((sum, { key }) => sum + (mean(this.durations.get(key) ?? []) ?? typical), 0);
    return { done: all.length - open.length, total: all.length, remainingSeconds };
  }
}

const cellKey = (comparisonId: string, targetId: string) => `${comparisonId} ${targetId}`;

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
