import type { Plan } from '@photofinish/schema';
import { createRun } from '../create-run.ts';
import type { FileSystem } from '../file-system.ts';
import type { RunWriter } from '../run-writer.ts';
import { MemoryFileSystem } from './memory-file-system.ts';
import { failedDraft, invalidDraft, okDraft, sampleHistograms } from './sample-attempts.ts';
import { sampleEnvironment, samplePlan, tickingClock } from './sample-run.ts';

/** Where sample runs lie. */
export const sampleRoot = 'results';

/** The folder of the sample run. */
export const sampleFolder = `${sampleRoot}/quick/20260131T120000Z-0a1b2c`;

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

/** A disk with a partial run: one `ok` trial, one `failed`, no seal. */
export async function partialRun(): Promise<MemoryFileSystem> {
  const disk = new MemoryFileSystem([sampleRoot]);
  const plan = samplePlan(1);
  const writer = await beginSample(disk);
  await perform(writer, plan, 'timer.b01.t01');
  await perform(writer, plan, 'timer.b01.t02', 'failed');
  await writer.close();
  return disk;
}

/** A disk with a whole run of one block. */
export async function sealedRun(): Promise<MemoryFileSystem> {
  const disk = new MemoryFileSystem([sampleRoot]);
  await performRest(await beginSample(disk), samplePlan(1));
  return disk;
}

/** Changes the text of a file of the sample run. */
export const edit = (disk: MemoryFileSystem, file: string, from: string | RegExp, to: string) =>
  disk.damage(`${sampleFolder}/${file}`, (bytes) => Buffer.from(Buffer.from(bytes).toString().replace(from, to)));
