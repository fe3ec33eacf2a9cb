import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, type TestContext, test } from 'vitest';
import { createRun } from './create-run.ts';
import { okDraft, sampleHistograms } from './mock/sample-attempts.ts';
import { sampleEnvironment, samplePlan } from './mock/sample-run.ts';
import { perform, performRest } from './mock/sample-store.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { readRun } from './read-run.ts';
import { resumeRun } from './resume-run.ts';

const call = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const plan = samplePlan(2);
const [t01, t02] = ['timer.b01.t01', 'timer.b01.t02'];

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'photofinish-store-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** A disk of its own of some MiB, held in memory; skips the test with the reason where this machine does not let us mount one. */
async function smallDisk(context: TestContext, mebibytes: number): Promise<string> {
  if (!isRoot || process.platform !== 'linux') context.skip('mounting a small disk needs root on Linux');
  const folder = await temporaryFolder();
  try {
    await call('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'photofinish-test', folder]);
  } catch (error) {
    context.skip(`this machine does not let us mount a small disk: ${String(error).split('\n')[0]}`);
  }
  onTestFinished(async () => void (await call('umount', [folder])));
  return folder;
}

test('a disk that fills up ends the run with all that was finished, and the run goes on once there is room', async (context) => {
  const disk = await smallDisk(context, 4);
  const writer = await createRun(disk, plan, sampleEnvironment(), { spaceFloor: 0 });
  const filler = join(disk, 'filler');
  await writeFile(filler, Buffer.alloc((await nodeFileSystem.freeBytes(disk)) - 100_000));
  let safe = 0;
  const untilFull = async () => {
    for (;;) {
      await perform(writer, plan, t01);
      safe += 1;
    }
  };
  await expect(untilFull()).rejects.toMatchObject({ code: 'E_DISK_FULL', kind: 'environment-lost' });
  await writer.close();
  expect(safe).toBeGreaterThan(0);
  const journal = Buffer.from(await nodeFileSystem.read(join(writer.folder, 'journal.ndjson'), 1e7)).toString();
  expect(journal.trimEnd().split('\n').at(-1)).toContain('"event":"disk_full"');
  const full = await readRun(writer.folder);
  expect(full.records).toHaveLength(safe);
  expect(full.problems).toEqual([]);

  await expect(resumeRun(writer.folder, { spaceFloor: 0 })).rejects.toMatchObject({ code: 'E_DISK_LOW' });
  await rm(filler);
  const resumed = await resumeRun(writer.folder, { spaceFloor: 0 });
  expect(resumed.repairs.map(({ kind }) => kind)).toEqual(['interrupted-attempt']);
  await performRest(resumed.writer, plan);
  expect(await readRun(writer.folder)).toMatchObject({ sealed: true, problems: [] });
});

test('a disk without room refuses a run before its first attempt', async (context) => {
  const disk = await smallDisk(context, 1);
  const refused = createRun(disk, plan, sampleEnvironment(), { spaceFloor: 0 });
  await expect(refused).rejects.toMatchObject({ code: 'E_DISK_LOW', kind: 'environment', given: '1.0 MiB free' });
  await expect(refused).rejects.toMatchObject({ allowed: 'at least 1.5 MiB' });
});

test('a read-only disk is told with the remedy, for a new run and for an old one', async (context) => {
  const disk = await smallDisk(context, 8);
  const options = { spaceFloor: 0 };
  const writer = await createRun(disk, plan, sampleEnvironment(), options);
  await writer.close();
  await call('mount', ['-o', 'remount,ro', disk]);
  const told = { code: 'E_RESULTS_NOT_WRITABLE', kind: 'environment', given: 'EROFS: read-only file system' };
  const other = sampleEnvironment('20260131T120000Z-ffffff');
  await expect(createRun(disk, plan, other, options)).rejects.toMatchObject({
    ...told,
    remedy: expect.stringContaining('--out DIR'),
  });
  await expect(resumeRun(writer.folder, options)).rejects.toMatchObject(told);
  expect(await readRun(writer.folder)).toMatchObject({ problems: [], records: [] });
});

test('a folder without permission to write is told with the remedy', async () => {
  const folder = await temporaryFolder();
  await chmod(folder, 0o555);
  onTestFinished(() => chmod(folder, 0o755));
  // root may write everywhere, so it stands aside for somebody who may not
  if (isRoot) {
    process.seteuid?.(65_534);
    onTestFinished(() => process.seteuid?.(0));
  }
  const refused = createRun(folder, plan, sampleEnvironment(), { spaceFloor: 0 });
  await expect(refused).rejects.toMatchObject({ code: 'E_RESULTS_NOT_WRITABLE', given: 'EACCES: permission denied' });
});

test('kill -9 at any moment loses no attempt that was safe, frees the run at once, and the run goes on', async () => {
  for (const attempts of [0, 1, 2, 5, 9]) {
    const root = await temporaryFolder();
    const child = spawn(process.execPath, [fileURLToPath(new URL('./mock/endless-run.ts', import.meta.url))], {
      cwd: root,
    });
    const ended = once(child, 'exit');
    let safe = 0;
    child.stdout.on('data', (data: Buffer) => {
      safe += data.length;
      if (safe > attempts) child.kill('SIGKILL');
    });
    expect(await ended).toEqual([null, 'SIGKILL']);
    const folder = join(root, 'quick', sampleEnvironment().runId);
    const { records } = await readRun(folder);
    expect(records.length).toBeGreaterThanOrEqual(safe);
    const resumed = await resumeRun(folder);
    expect(resumed.records.slice(0, records.length)).toEqual(records);
    expect(resumed.repeatedBlocks).toEqual([]);
    await performRest(resumed.writer, plan);
    expect(await readRun(folder)).toMatchObject({ sealed: true, problems: [] });
  }
});

test('a run whose process lives cannot be resumed by another', async () => {
  const root = await temporaryFolder();
  await using writer = await createRun(root, plan, sampleEnvironment());
  await writer.attemptStarted(t02, 1);
  await expect(resumeRun(writer.folder)).rejects.toMatchObject({ code: 'E_RUN_IN_USE' });
  await writer.attemptFinished(okDraft(plan, writer.runId, t02, 1), sampleHistograms(t02, 1));
  expect((await readRun(writer.folder)).records).toHaveLength(1);
});
