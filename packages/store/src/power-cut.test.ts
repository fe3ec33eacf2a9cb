import { createHash } from 'node:crypto';
import type { TrialRecord } from '@photofinish/schema';
import { expect, test, vi } from 'vitest';
import type { FileSystem } from './file-system.ts';
import { allUnsyncedLost, MemoryFileSystem, nothingLost, type PowerCut } from './mock/memory-file-system.ts';
import { failedDraft, okDraft, sampleHistograms } from './mock/sample-attempts.ts';
import { samplePlan } from './mock/sample-run.ts';
import { beginSample, performRest, sampleOptions, sampleRoot } from './mock/sample-store.ts';
import { type Call, isLooking, watchedFileSystem } from './mock/watched-file-system.ts';
import { readRun } from './read-run.ts';
import { resumeRun } from './resume-run.ts';
import { listRuns } from './run-list.ts';

/*
 * Row 14 of the fault table: the power is cut after every call, and of what was not synced names are kept or dropped and contents cut
 * short, turned to zeros or left with a hole, each on its own. Every state must load as what was acknowledged or a little more, and go on to a sealed run.
 */

// Hundreds of runs loaded and finished: a busy machine needs longer than the usual limit.
vi.setConfig({ testTimeout: 60_000 });

const plan = samplePlan(1);
const [t01, t02] = ['timer.b01.t01', 'timer.b01.t02'];
const folder = `${sampleRoot}/quick/20260131T120000Z-0a1b2c`;

const rests = ['absent', 'zeros', 'hole'] as const;

/** Independent luck for every name and file, from a seed (mulberry32). */
function mixedLuck(seed: number): PowerCut {
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    name: () => random() < 0.5,
    contents: () => ({ kept: random(), rest: rests[Math.floor(random() * rests.length)] ?? 'absent' }),
  };
}

const shares = Array.from({ length: 6 }, (_, fifth) => fifth / 5);

const cutsAt = (call: number): PowerCut[] => [
  nothingLost,
  allUnsyncedLost,
  ...shares.flatMap((kept) => rests.map((rest): PowerCut => ({ name: () => true, contents: () => ({ kept, rest }) }))),
  ...shares.map((_, luck) => mixedLuck(call * shares.length + luck)),
];

interface CrashState {
  readonly disk: MemoryFileSystem;
  /** Records acknowledged before the power was cut. */
  readonly acknowledged: readonly TrialRecord[];
}

/** Every different state a power cut can leave, after every call of a story. `acknowledged` grows as the story goes. */
async function crashStates(
  disk: MemoryFileSystem,
  acknowledged: TrialRecord[],
  tell: (fileSystem: FileSystem) => Promise<void>,
): Promise<CrashState[]> {
  const found: CrashState[] = [];
  let call = 0;
  const after = (done: Call) => {
    if (isLooking(done)) return;
    for (const cut of cutsAt(call)) found.push({ disk: disk.afterPowerCut(cut), acknowledged: [...acknowledged] });
    call += 1;
  };
  await tell(watchedFileSystem(disk, { after }));
  const different = new Map<string, CrashState>();
  for (const state of found) different.set(`${state.acknowledged.length} ${await treeDigest(state.disk)}`, state);
  return [...different.values()];
}

async function treeDigest(disk: MemoryFileSystem, path = '.'): Promise<string> {
  const hash = createHash('sha256');
  for (const name of await disk.list(path)) {
    const inner = `${path}/${name}`;
    const isFile = (await disk.kind(inner)) === 'file';
    hash.update(`${name} ${isFile ? '' : await treeDigest(disk, inner)}\0`);
    if (isFile && name !== '.reserve') hash.update(await disk.read(inner, 1e9));
  }
  return hash.digest('hex');
}

async function wholeRun(fileSystem: FileSystem, acknowledged: TrialRecord[]): Promise<void> {
  const writer = await beginSample(fileSystem);
  await writer.attemptStarted(t01, 1);
  acknowledged.push(await writer.attemptFinished(okDraft(plan, writer.runId, t01, 1), sampleHistograms(t01, 1)));
  await writer.attemptStarted(t02, 1);
  acknowledged.push(await writer.attemptFinished(failedDraft(plan, writer.runId, t02, 1), null));
  await writer.seal();
}

/** Loads a state, expects no more and no less than it may hold, and goes on to the seal on another boot. */
async function expectSound({ disk, acknowledged }: CrashState, possible: readonly TrialRecord[]): Promise<void> {
  const [listed] = await listRuns(sampleRoot, disk);
  if (listed === undefined || listed.state === 'never-begun') {
    expect(acknowledged).toEqual([]);
    return;
  }
  const stored = await readRun(folder, disk);
  const read = [...stored.records, ...stored.superseded];
  for (const record of acknowledged) expect(read).toContainEqual(record);
  for (const record of read) expect(possible).toContainEqual(record);
  if (listed.state === 'sealed') {
    expect(stored).toMatchObject({ sealed: true, problems: [], unfinished: [] });
    return;
  }
  const { writer, records, superseded } = await resumeRun(folder, sampleOptions(disk, 'next boot'));
  for (const record of acknowledged) expect([...records, ...superseded]).toContainEqual(record);
  const done = records.filter(({ state }) => state !== 'interrupted').map(({ trialId }) => trialId);
  await performRest(writer, plan, new Set(done), 'failed');
  expect(await readRun(folder, disk)).toMatchObject({ sealed: true, problems: [] });
}

test('whatever a power cut leaves of a run loads as what was acknowledged, and goes on to its seal', async () => {
  const acknowledged: TrialRecord[] = [];
  const disk = new MemoryFileSystem([sampleRoot]);
  const states = await crashStates(disk, acknowledged, (fileSystem) => wholeRun(fileSystem, acknowledged));
  expect(states.length).toBeGreaterThan(200);
  for (const state of states) await expectSound(state, acknowledged);
});

test('whatever a second power cut leaves of a run being resumed after a first one does so too', async () => {
  const first: TrialRecord[] = [];
  const disk = new MemoryFileSystem([sampleRoot]);
  const writer = await beginSample(disk);
  await writer.attemptStarted(t01, 1);
  first.push(await writer.attemptFinished(okDraft(plan, writer.runId, t01, 1), sampleHistograms(t01, 1)));
  await writer.attemptStarted(t02, 1);
  await writer.note('torn', null);
  disk.damage(`${folder}/journal.ndjson`, (bytes) => bytes.subarray(0, bytes.length - 9));
  const orphan = await disk.openNew(`${folder}/trials/${t02}/attempt-1.json`);
  await orphan.write(Buffer.from('{'));
  await orphan.sync();
  await disk.syncFolder(`${folder}/trials/${t02}`);
  const broken = disk.afterPowerCut(nothingLost);

  const acknowledged = [...first];
  const states = await crashStates(broken, acknowledged, async (fileSystem) => {
    const resumed = await resumeRun(folder, sampleOptions(fileSystem, 'second boot'));
    await performRest(resumed.writer, plan, new Set(), 'failed');
    await resumed.writer.close();
  });
  expect(states.length).toBeGreaterThan(200);
  const { records, superseded } = await readRun(folder, broken);
  for (const state of states) await expectSound(state, [...records, ...superseded]);
});
