import { EnvironmentError, EnvironmentLostError, UsageError } from '@photofinish/schema';
import { expect, test } from 'vitest';
import { createRun } from './create-run.ts';
import type { FileSystem } from './file-system.ts';
import { allUnsyncedLost, MemoryFileSystem } from './mock/memory-file-system.ts';
import { sampleEnvironment, samplePlan, tickingClock } from './mock/sample-run.ts';
import { systemError, watchedFileSystem } from './mock/watched-file-system.ts';
import { readRun } from './read-run.ts';

const plan = samplePlan();
const environment = sampleEnvironment();
const folder = 'results/quick/20260131T120000Z-0a1b2c';
const create = (fileSystem: FileSystem, root = 'results', spaceFloor = 0) =>
  createRun(root, plan, environment, { fileSystem, clock: tickingClock(), bootId: 'boot', spaceFloor });

test('a new run has its plan, its environment, an open journal and no records', async () => {
  const fileSystem = new MemoryFileSystem(['results']);
  await using writer = await create(fileSystem);
  expect(writer.folder).toBe(folder);
  const stored = await readRun(folder, fileSystem);
  expect(stored).toMatchObject({ plan, environment, records: [], problems: [], sealed: false });
  expect(await fileSystem.list(folder)).toEqual([
    '.reserve',
    'environment.json',
    'journal.ndjson',
    'plan.json',
    'raw',
    'trials',
  ]);
});

test('everything a run needs is on the disk before its first attempt', async () => {
  const fileSystem = new MemoryFileSystem(['results']);
  await create(fileSystem);
  const after = fileSystem.afterPowerCut(allUnsyncedLost);
  expect(await readRun(folder, after)).toMatchObject({ plan, environment, problems: [] });
});

test('the space kept back is given up with the run', async () => {
  const fileSystem = new MemoryFileSystem(['results']);
  const writer = await create(fileSystem);
  await writer.close();
  expect(await fileSystem.list(folder)).not.toContain('.reserve');
});

test('an existing run is never overwritten', async () => {
  const fileSystem = new MemoryFileSystem(['results']);
  await using _writer = await create(fileSystem);
  const before = await fileSystem.read(`${folder}/journal.ndjson`, 1e6);
  await expect(create(fileSystem)).rejects.toMatchObject({ code: 'E_RUN_EXISTS', where: folder });
  await expect(create(fileSystem)).rejects.toBeInstanceOf(UsageError);
  expect(await fileSystem.read(`${folder}/journal.ndjson`, 1e6)).toEqual(before);
});

test('two runs of one experiment can be created at once', async () => {
  const fileSystem = new MemoryFileSystem(['results']);
  const other = sampleEnvironment('20260131T120001Z-0a1b2c');
  const options = { fileSystem, bootId: 'boot', spaceFloor: 0 };
  const writers = await Promise.all([
    createRun('results', plan, environment, options),
    createRun('results', plan, other, options),
  ]);
  for (const writer of writers) await writer.close();
  expect(await fileSystem.list('results/quick')).toHaveLength(2);
});

test('a root that does not exist is told with the remedy', async () => {
  const failed = create(new MemoryFileSystem(), 'nowhere');
  await expect(failed).rejects.toBeInstanceOf(EnvironmentError);
  await expect(failed).rejects.toMatchObject({
    code: 'E_RESULTS_NOT_WRITABLE',
    where: 'nowhere',
    remedy: expect.stringContaining('--out DIR'),
  });
});

test('a root that is a file is told', async () => {
  const fileSystem = new MemoryFileSystem(['results']);
  await (await fileSystem.openNew('results/file')).close();
  await expect(create(fileSystem, 'results/file')).rejects.toMatchObject({ code: 'E_RESULTS_NOT_WRITABLE' });
});

test('too little room is told before anything is written, with what is free and what is needed', async () => {
  const fileSystem = new MemoryFileSystem(['results']);
  fileSystem.free = 65 * 2 ** 20;
  const failed = create(fileSystem, 'results', 64 * 2 ** 20);
  await expect(failed).rejects.toBeInstanceOf(EnvironmentError);
  await expect(failed).rejects.toMatchObject({
    code: 'E_DISK_LOW',
    given: '65.0 MiB free',
    allowed: 'at least 65.5 MiB',
  });
  expect(await fileSystem.list('results')).toEqual([]);
});

test.each([
  ['EROFS', EnvironmentError, 'E_RESULTS_NOT_WRITABLE'],
  ['EACCES', EnvironmentError, 'E_RESULTS_NOT_WRITABLE'],
  ['ENOSPC', EnvironmentLostError, 'E_DISK_FULL'],
  ['EDQUOT', EnvironmentLostError, 'E_DISK_FULL'],
  ['EIO', EnvironmentLostError, 'E_DISK_FAILED'],
])('%s while the folder is created is told as %o, and nothing is left behind', async (systemCode, type, code) => {
  const memory = new MemoryFileSystem(['results']);
  let armed = true;
  const fileSystem = watchedFileSystem(memory, {
    before: ({ name, paths }) => {
      const isJournal = name === 'link' && paths[1]?.endsWith('journal.ndjson');
      if (armed && isJournal) {
        armed = false;
        throw systemError(systemCode);
      }
      return undefined;
    },
  });
  const failed = create(fileSystem);
  await expect(failed).rejects.toBeInstanceOf(type);
  await expect(failed).rejects.toMatchObject({ code, given: expect.stringContaining(systemCode) });
  expect(armed).toBe(false);
  expect(await memory.list('results')).toEqual([]);
});

test.each([
  ['a plan whose hash is not its own', { ...plan, hash: 'f'.repeat(64) }, environment],
  ['a plan changed after it was hashed', { ...plan, seed: 8 }, environment],
  ['an environment of another format version', plan, { ...environment, schemaVersion: '1.1' }],
  ['a run id that is a path', plan, { ...environment, runId: '../../x' }],
])('%s is refused as the bug it is', async (_, wrongPlan, wrongEnvironment) => {
  const fileSystem = new MemoryFileSystem(['results']);
  await expect(createRun('results', wrongPlan, wrongEnvironment, { fileSystem })).rejects.toThrow();
  expect(await fileSystem.list('results')).toEqual([]);
});
