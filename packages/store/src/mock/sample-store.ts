import type { Plan } from '@photofinish/schema';
import { createRun } from '../create-run.ts';
import type { FileSystem } from '../file-system.ts';
import type { RunWriter } from '../run-writer.ts';
import {
  failedDraft,
  invalidDraft,
  okDraft,
  sampleEnvironment,
  sampleHistograms,
  samplePlan,
  tickingClock,
} from './sample-run.ts';

/** Where sample runs lie. */
export const sampleRoot = 'results';

/** Options of a store that touches nothing but the given file system. */
export const sampleOptions = (fileSystem: FileSystem, bootId = 'first boot') => ({
  fileSystem,
  clock: tickingClock(),
  bootId,
  spaceFloor: 0,
});

/** A sample run that has just begun. */
export const beginSample = (fileSystem: FileSystem, blocks = 1): Promise<RunWriter> =>
  createRun(sampleRoot, samplePlan(blocks), sampleEnvironment(), sampleOptions(fileSystem));

/** One attempt from start to end: `ok` with histograms, the other states without. */
export async function perform(
  writer: RunWriter,
  plan: Plan,
  trialId: string,
  state: 'ok' | 'failed' | 'invalid' = 'ok',
): Promise<void> {
  const attempt = writer.nextAttempt(trialId);
  await writer.attemptStarted(trialId, attempt);
  if (state === 'ok') {
    await writer.attemptFinished(okDraft(plan, writer.runId, trialId, attempt), sampleHistograms(trialId, attempt));
  } else {
    const draft = state === 'failed' ? failedDraft : invalidDraft;
    await writer.attemptFinished(draft(plan, writer.runId, trialId, attempt), null);
  }
}

/** Every trial of a plan that is not done yet, one attempt each, and the seal. */
export async function performRest(
  writer: RunWriter,
  plan: Plan,
  done: ReadonlySet<string> = new Set(),
  state: 'ok' | 'failed' = 'ok',
): Promise<void> {
  for (const { trials } of plan.blocks) {
    for (const { trialId } of trials) if (!done.has(trialId)) await perform(writer, plan, trialId, state);
  }
  await writer.seal();
}
