import {
  type AbsenceCause,
  type Environment,
  MeasurementError,
  type Plan,
  type PlannedBlock,
  type PlannedComparison,
  type PlannedTarget,
  type PlannedTrial,
  ResultsError,
  type TrialHistograms,
  type TrialRecord,
} from '@photofinish/schema';
import type { TrialDraft } from '@photofinish/store';
import type { RunnerListener } from '../events.ts';
import type { AttemptContext, Instruments } from '../trial/context.ts';
import { attemptFields } from '../trial/record.ts';
import { performTrial } from '../trial/trial.ts';
import { CalmWait } from './calm.ts';
import { causeOfLoss, withLease } from './loss.ts';
import { Outcomes } from './outcomes.ts';
import { ProgressMeter } from './progress.ts';
import type { Recorder } from './recorder.ts';
import { SaturationLimits } from './saturation.ts';

/** What an execution of a plan needs beside its instruments. */
export interface ExecutionOptions {
  readonly runId: string;
  readonly plan: Plan;
  /** Records of an earlier, interrupted execution; empty for a new run. */
  readonly earlier: readonly TrialRecord[];
  readonly hostClass: Environment['hostClass'];
  readonly recorder: Recorder;
  readonly listener: RunnerListener;
  /** Settles when the lease on the cores is lost: `Lease.lost`. Left out where it cannot be. */
  readonly lost?: Promise<void>;
}

/**
 * Executes a plan block by block. Resolves to all records; throws the signal's reason when aborted, after recording the cut trial as
 * interrupted. Throws `EnvironmentLostError` when lease, engine or disk are lost, after recording the cut trial as invalid: `E_LEASE_LOST` for
 * the lease, else the engine's own.
 */
export async function executePlan(
  options: ExecutionOptions,
  instruments: Instruments,
  signal: AbortSignal,
): Promise<TrialRecord[]> {
  const execution = new Execution(options, instruments, signal);
  return await execution.perform();
}

class Execution {
  private readonly options: ExecutionOptions;
  private readonly instruments: Instruments;
  /** Aborts when the run is to end, by order or for the loss of its lease. */
  private readonly signal: AbortSignal;
  private readonly outcomes: Outcomes;
  private readonly progress: ProgressMeter;
  private readonly records: TrialRecord[];
  private readonly calm: CalmWait;
  private readonly limits: SaturationLimits;

  constructor(options: ExecutionOptions, instruments: Instruments, signal: AbortSignal) {
    this.options = options;
    this.instruments = instruments;
    this.signal = withLease(signal, options.lost);
    this.records = [...options.earlier];
    this.limits = new SaturationLimits(options.plan, instruments.host);
    this.outcomes = new Outcomes(options.plan, options.earlier);
    this.progress = new ProgressMeter(options.plan, this.outcomes, instruments.clock);
    this.calm = new CalmWait(instruments.host, instruments.clock, options.hostClass, options.listener);
  }

  async perform(): Promise<TrialRecord[]> {
    for (const block of this.options.plan.blocks) await this.performBlock(block);
    this.options.listener({ kind: 'run-finished', complete: true, calmWaitSeconds: this.calm.totalSeconds });
    return this.records;
  }

  private async performBlock(block: PlannedBlock): Promise<void> {
    const open = block.trials.filter((trial) => !this.outcomes.isFinal(trial.trialId));
    if (open.length === 0) return;
    const { listener } = this.options;
    listener({ kind: 'block-started', block, progress: this.progress.now() });
    const comparison = this.comparisonOf(block);
    const parallelCapacity = await this.measureCapacity(block, comparison);
    for (const trial of open) await this.performUntilFinal(block, comparison, trial, parallelCapacity);
  }

  private async measureCapacity(block: PlannedBlock, comparison: PlannedComparison): Promise<number | null> {
    if (comparison.targetCores.length < 2) return null;
    this.signal.throwIfAborted();
    const capacity = await this.instruments.host.parallelCapacity(comparison.targetCores);
    if (capacity !== null)
      this.options.listener({ kind: 'capacity-measured', block, cores: comparison.targetCores.length, capacity });
    return capacity;
  }

  private async performUntilFinal(
    block: PlannedBlock,
    comparison: PlannedComparison,
    trial: PlannedTrial,
    parallelCapacity: number | null,
  ): Promise<void> {
    while (!this.outcomes.isFinal(trial.trialId)) {
      this.signal.throwIfAborted();
      const saturation = await this.limits.of(comparison, this.signal);
      const context = this.contextOf(block, comparison, trial, { parallelCapacity, saturation });
      if (this.outcomes.quarantined().has(trial.targetId))
        await this.skip(context, 'quarantined', 'it failed twice in a row earlier in this run');
      else await this.attempt({ ...context, calmWaitSeconds: await this.waitForCalm(comparison) });
      const last = this.outcomes.of(trial.trialId).at(-1);
      if (last?.state === 'invalid' && last.cause === 'near-ceiling') await this.limits.doubt(comparison, this.signal);
    }
  }

  private async waitForCalm({ targetCores, generatorCores }: PlannedComparison): Promise<number> {
    this.signal.throwIfAborted();
    return await this.calm.wait([...new Set([...targetCores, ...generatorCores])], this.signal);
  }

  private async attempt(context: AttemptContext): Promise<void> {
    const { recorder, listener } = this.options;
    const { trial, block, attempt } = context;
    this.signal.throwIfAborted();
    listener({ kind: 'trial-started', trial, block, attempt, progress: this.progress.now() });
    await recorder.attemptStarted(trial.trialId, attempt);
    this.progress.attemptStarted();
    try {
      const { draft, histograms } = await performTrial(context, this.instruments, this.signal);
      this.note(await this.keep(context, draft, histograms));
    } catch (error) {
      await this.recordCut(context, error);
      throw error;
    }
    if (this.outcomes.quarantined().has(trial.targetId))
      listener({ kind: 'target-quarantined', targetId: trial.targetId });
  }

  /** Keeps a record. Figures that contradict each other come from a broken instrument: the store refuses them, and the trial is invalid. */
  private async keep(
    context: AttemptContext,
    draft: TrialDraft,
    histograms: TrialHistograms | null,
  ): Promise<TrialRecord> {
    const { recorder } = this.options;
    try {
      return await recorder.attemptFinished(draft, histograms);
    } catch (error) {
      if (!(error instanceof MeasurementError) || error.code !== 'E_RECORD_CONTRADICTS') throw error;
      const fields = attemptFields(context, draft.startedAt, draft.phases, draft.notes);
      const message = `${error.what}: ${error.given ?? ''}`.slice(0, 4000);
      return await recorder.attemptFinished(
        { ...fields, state: 'invalid', cause: 'generator-failed', message, measurement: null, guards: [] },
        null,
      );
    }
  }

  private async skip(context: AttemptContext, cause: AbsenceCause, reason: string): Promise<void> {
    const draft: TrialDraft = { ...attemptFields(context, this.wall(), []), state: 'skipped', cause, reason };
    this.note(await this.options.recorder.attemptFinished(draft, null));
  }

  /** Records the trial that the end of the run cut, where there is something to say of it. */
  private async recordCut(context: AttemptContext, error: unknown): Promise<void> {
    const fields = attemptFields(context, this.wall(), []);
    const loss = causeOfLoss(error, this.signal.reason);
    const draft: TrialDraft | null =
      loss !== null
        ? { ...fields, state: 'invalid', ...loss, measurement: null, guards: [] }
        : this.signal.aborted
          ? { ...fields, state: 'interrupted', cause: 'signal', reason: 'a signal ended the run during this trial' }
          : null;
    if (draft !== null) this.note(await this.options.recorder.attemptFinished(draft, null));
  }

  private note(record: TrialRecord): void {
    this.records.push(record);
    this.outcomes.add(record);
    this.progress.attemptFinished(record);
    const final = this.outcomes.isFinal(record.trialId);
    this.options.listener({ kind: 'trial-finished', record, final, progress: this.progress.now() });
  }

  private contextOf(
    block: PlannedBlock,
    comparison: PlannedComparison,
    trial: PlannedTrial,
    measured: Pick<AttemptContext, 'parallelCapacity' | 'saturation'>,
  ): AttemptContext {
    const attempt = this.options.recorder.nextAttempt(trial.trialId);
    return {
      runId: this.options.runId,
      plan: this.options.plan,
      block,
      comparison,
      trial,
      target: this.targetOf(trial),
      attempt,
      hostClass: this.options.hostClass,
      ...measured,
      calmWaitSeconds: 0,
    };
  }

  private targetOf(trial: PlannedTrial): PlannedTarget {
    const target = this.options.plan.targets.find((candidate) => candidate.targetId === trial.targetId);
    if (target !== undefined) return target;
    throw planDamaged(`Trial ${trial.trialId} belongs to no target of its plan.`);
  }

  private comparisonOf(block: PlannedBlock): PlannedComparison {
    const comparison = this.options.plan.comparisons.find((candidate) => candidate.id === block.comparisonId);
    if (comparison !== undefined) return comparison;
    throw planDamaged(`Block ${block.blockId} belongs to no comparison of its plan.`);
  }

  private wall(): string {
    return this.instruments.clock.wall().toISOString();
  }
}

function planDamaged(what: string): ResultsError {
  return new ResultsError('E_PLAN_DAMAGED', { what, remedy: 'Make the plan anew.' });
}
