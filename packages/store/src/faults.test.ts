import { PhotofinishError, type TrialRecord } from '@photofinish/schema';
import { expect, test } from 'vitest';
import type { FileSystem } from './file-system.ts';
import { MemoryFileSystem, nothingLost } from './mock/memory-file-system.ts';
import { failedDraft, okDraft, sampleHistograms } from './mock/sample-attempts.ts';
import { samplePlan } from './mock/sample-run.ts';
import { beginSample, performRest, sampleOptions, sampleRoot } from './mock/sample-store.ts';
import { type Call, isLooking, systemError, watchedFileSystem } from './mock/watched-file-system.ts';
import { readRun } from './read-run.ts';
import { resumeRun } from './resume-run.ts';
import { listRuns } from './run-list.ts';

/*
 * Row 11 of the fault table: EIO, ENOSPC, EDQUOT, EROFS and short writes on every file system call in turn. Whatever happens: the error is
 * typed, what was acknowledged is still there, a seal covers everything or does not exist, and the run goes on once the disk is well again.
 * An unhandled rejection fails the whole file (vitest).
 */

const plan = samplePlan(1);
const [t01, t02] = ['timer.b01.t01', 'timer.b01.t02'];
const folder = `${sampleRoot}/quick/20260131T120000Z-0a1b2c`;

interface Outcome {
  /** Records whose writing was acknowledged. */
  readonly acknowledged: TrialRecord[];
  readonly sealed: boolean;
  readonly error: unknown;
}

async function wholeRun(fileSystem: FileSystem): Promise<Outcome> {
  const acknowledged: TrialRecord[] = [];
  let sealed = false;
  try {
    await using writer = await beginSample(fileSystem);
    await writer.attemptStarted(t01, 1);
    acknowledged.push(await writer.attemptFinished(okDraft(plan, writer.runId, t01, 1), sampleHistograms(t01, 1)));
    await writer.attemptStarted(t02, 1);
    acknowledged.push(await writer.attemptFinished(failedDraft(plan, writer.runId, t02, 1), null));
    await writer.seal();
    sealed = true;
  } catch (error) {
    return { acknowledged, sealed, error };
  }
  return { acknowledged, sealed, error: null };
}

async function resumedRun(fileSystem: FileSystem): Promise<Outcome> {
  const acknowledged: TrialRecord[] = [];
  try {
    const resumed = await resumeRun(folder, sampleOptions(fileSystem));
    acknowledged.push(...resumed.records);
    await performRest(resumed.writer, plan, new Set([t01]), 'failed');
  } catch (error) {
    return { acknowledged, sealed: false, error };
  }
  return { acknowledged, sealed: true, error: null };
}

/** A run that a kill left with a torn line, an open attempt, a file half written and a record nobody names. */
async function messyDisk(): Promise<MemoryFileSystem> {
  const disk = new MemoryFileSystem([sampleRoot]);
  const writer = await beginSample(disk);
  await writer.attemptStarted(t01, 1);
  await writer.attemptFinished(okDraft(plan, writer.runId, t01, 1), sampleHistograms(t01, 1));
  await writer.attemptStarted(t02, 1);
  await writer.note('torn', null);
  disk.damage(`${folder}/journal.ndjson`, (bytes) => bytes.subarray(0, bytes.length - 9));
  for (const name of ['attempt-1.json', '.attempt-2.json.partial']) {
    await (await disk.openNew(`${folder}/trials/${t02}/${name}`)).write(Buffer.from('{'));
  }
  return killed(disk);
}

const killed = (disk: MemoryFileSystem) => disk.afterPowerCut(nothingLost);

type Fault = (call: Call, index: number) => 'short' | undefined;

const once =
  (code: string, at: number): Fault =>
  (_, index) => {
    if (index === at) throw systemError(code);
    return undefined;
  };

const everyChangeFrom =
  (code: string, at: number): Fault =>
  (call, index) => {
    if (index >= at && !isLooking(call)) throw systemError(code);
    return undefined;
  };

const shortOnce =
  (_: string, at: number): Fault =>
  (_call, index) =>
    index === at ? 'short' : undefined;

function withFault(disk: MemoryFileSystem, fault: Fault): { fileSystem: FileSystem; calls: () => number } {
  let index = 0;
  return { fileSystem: watchedFileSystem(disk, { before: (call) => fault(call, index++) }), calls: () => index };
}

async function expectHonest(disk: MemoryFileSystem, outcome: Outcome): Promise<void> {
  if (outcome.error !== null) expect(outcome.error).toBeInstanceOf(PhotofinishError);
  const [listed] = await listRuns(sampleRoot, disk);
  if (listed === undefined || listed.state === 'never-begun') {
    expect(outcome.acknowledged).toEqual([]);
    return;
  }
  const stored = await readRun(folder, disk);
  for (const record of outcome.acknowledged) expect(stored.records).toContainEqual(record);
  if (listed.state === 'sealed') {
    expect(stored).toMatchObject({ sealed: true, problems: [], unfinished: [] });
    return;
  }
  expect(outcome.sealed).toBe(false);
  const after = killed(disk);
  const { writer, records } = await resumeRun(folder, sampleOptions(after));
  for (const record of outcome.acknowledged) expect(records).toContainEqual(record);
  const done = records.filter(({ state }) => state !== 'interrupted').map(({ trialId }) => trialId);
  await performRest(writer, plan, new Set(done), 'failed');
  expect(await readRun(folder, after)).toMatchObject({ sealed: true, problems: [] });
}

const faults = [
  ['EIO', 'once', once],
  ['ENOSPC', 'once', once],
  ['EDQUOT', 'once', once],
  ['EROFS', 'once', once],
  ['ENOSPC', 'for every change from then on', everyChangeFrom],
  ['EIO', 'for every change from then on', everyChangeFrom],
  ['a short write', 'once', shortOnce],
] as const;

const stories = [
  ['a whole run', async () => new MemoryFileSystem([sampleRoot]), wholeRun],
  ['a resumed run', messyDisk, resumedRun],
] as const;

for (const [story, makeDisk, tell] of stories) {
  test(`${story} without a fault is sealed`, async () => {
    const disk = await makeDisk();
    expect(await tell(disk)).toMatchObject({ sealed: true, error: null });
    await expectHonest(disk, { acknowledged: [], sealed: true, error: null });
  });

  test.each(faults)(`${story} is honest about %s %s, at each call in turn`, async (code, _, makeFault) => {
    const { fileSystem, calls } = withFault(await makeDisk(), () => undefined);
    await tell(fileSystem);
    const total = calls();
    expect(total).toBeGreaterThan(60);
    for (let at = 0; at < total; at += 1) {
      const disk = await makeDisk();
      const outcome = await tell(withFault(disk, makeFault(code, at)).fileSystem);
      await expectHonest(disk, outcome);
      if (code === 'a short write') expect(outcome).toMatchObject({ sealed: true, error: null });
    }
  });
}
