import { expect, test } from 'vitest';
import { MemoryFileSystem, nothingLost } from './mock/memory-file-system.ts';
import { okDraft, sampleHistograms } from './mock/sample-attempts.ts';
import { samplePlan } from './mock/sample-run.ts';
import { beginSample, perform, performRest, sampleOptions, sampleRoot } from './mock/sample-store.ts';
import { systemError, watchedFileSystem } from './mock/watched-file-system.ts';
import { readRun } from './read-run.ts';
import { resumeRun } from './resume-run.ts';

const plan = samplePlan(2);
const [t01, t02] = ['timer.b01.t01', 'timer.b01.t02'];
const folder = `${sampleRoot}/quick/20260131T120000Z-0a1b2c`;

/** A run of two blocks whose first trial is done and whose second was cut off by a kill. */
async function killedRun(): Promise<MemoryFileSystem> {
  const fileSystem = new MemoryFileSystem([sampleRoot]);
  const writer = await beginSample(fileSystem, 2);
  await perform(writer, plan, t01);
  await writer.attemptStarted(t02, 1);
  return killed(fileSystem);
}

/** The same disk after the process was killed: everything written is there, nobody holds a claim. */
const killed = (fileSystem: MemoryFileSystem) => fileSystem.afterPowerCut(nothingLost);

test('after a kill the attempt under way is written down as interrupted, and the run goes on to its seal', async () => {
  const fileSystem = await killedRun();
  const resumed = await resumeRun(folder, sampleOptions(fileSystem));
  expect(resumed.repairs).toMatchObject([{ kind: 'interrupted-attempt', path: `trials/${t02}/attempt-1.json` }]);
  expect(resumed.repeatedBlocks).toEqual([]);
  expect(resumed.records).toMatchObject([
    { trialId: t01, state: 'ok', sequence: 0 },
    { trialId: t02, state: 'interrupted', cause: 'harness-died', sequence: 1 },
  ]);
  expect(resumed.writer.nextAttempt(t02)).toBe(2);
  await performRest(resumed.writer, plan, new Set([t01]));
  const stored = await readRun(folder, fileSystem);
  expect(stored).toMatchObject({ sealed: true, problems: [], unfinished: [] });
  expect(stored.records.map(({ trialId, attempt, state }) => `${trialId}/${attempt} ${state}`)).toEqual([
    'timer.b01.t01/1 ok',
    'timer.b01.t02/1 interrupted',
    'timer.b01.t02/2 ok',
    'timer.b02.t01/1 ok',
    'timer.b02.t02/1 ok',
  ]);
});

test('on another boot the open block is repeated whole, and what it measured is kept but does not count', async () => {
  const fileSystem = await killedRun();
  const resumed = await resumeRun(folder, sampleOptions(fileSystem, 'second boot'));
  expect(resumed.repeatedBlocks).toEqual(['timer.b01']);
  expect(resumed.records.map(({ trialId, state }) => [trialId, state])).toEqual([[t02, 'interrupted']]);
  expect(resumed.superseded.map(({ trialId, attempt }) => [trialId, attempt])).toEqual([[t01, 1]]);
  expect(resumed.writer.nextAttempt(t01)).toBe(2);
  await performRest(resumed.writer, plan);
  const stored = await readRun(folder, fileSystem);
  expect(stored).toMatchObject({ sealed: true, problems: [] });
  expect(stored.superseded).toMatchObject([{ trialId: t01, attempt: 1, state: 'ok' }]);
  expect(stored.records.map(({ trialId, attempt }) => `${trialId}/${attempt}`)).toEqual([
    'timer.b01.t02/1',
    'timer.b01.t01/2',
    'timer.b01.t02/2',
    'timer.b02.t01/1',
    'timer.b02.t02/1',
  ]);
});

test('a block that a second crash leaves half repeated is not repeated again on the same boot', async () => {
  const fileSystem = await killedRun();
  const second = await resumeRun(folder, sampleOptions(fileSystem, 'second boot'));
  await perform(second.writer, plan, t01);
  const third = await resumeRun(folder, sampleOptions(killed(fileSystem), 'second boot'));
  expect(third.repeatedBlocks).toEqual([]);
  expect(third.records.map(({ trialId, attempt }) => `${trialId}/${attempt}`)).toEqual([`${t02}/1`, `${t01}/2`]);
});

test('a torn last line is cut off, and the next line follows the last whole one', async () => {
  const fileSystem = await killedRun();
  fileSystem.damage(`${folder}/journal.ndjson`, (bytes) => bytes.subarray(0, bytes.length - 5));
  const resumed = await resumeRun(folder, sampleOptions(fileSystem));
  expect(resumed.repairs).toMatchObject([{ kind: 'torn-line', path: 'journal.ndjson' }]);
  expect(resumed.repairs[0]?.reason).toMatch(/^line 4 was cut short by a crash; its \d+ bytes are cut off$/);
  expect(resumed.records.map(({ trialId }) => trialId)).toEqual([t01]);
  await performRest(resumed.writer, plan, new Set([t01]));
  expect(await readRun(folder, fileSystem)).toMatchObject({ sealed: true, problems: [] });
});

test.each([
  [
    'changed',
    (fileSystem: MemoryFileSystem, path: string) => fileSystem.damage(path, (bytes) => bytes.fill(0x20, 9, 12)),
  ],
  ['missing', (fileSystem: MemoryFileSystem, path: string) => fileSystem.remove(path)],
  ['empty', (fileSystem: MemoryFileSystem, path: string) => fileSystem.damage(path, () => new Uint8Array())],
])('a finished attempt whose record is %s goes to quarantine and is repeated', async (what, harm) => {
  const fileSystem = await killedRun();
  await harm(fileSystem, `${folder}/trials/${t01}/attempt-1.json`);
  const before = await readRun(folder, fileSystem);
  expect(before.records).toEqual([]);
  expect(before.problems.map(({ path }) => path)).toContain(`trials/${t01}/attempt-1.json`);
  const resumed = await resumeRun(folder, sampleOptions(fileSystem));
  expect(resumed.repairs[0]).toMatchObject({ kind: 'damaged-attempt', attempt: { trialId: t01, attempt: 1 } });
  expect(resumed.records.map(({ trialId }) => trialId)).toEqual([t02]);
  expect(resumed.writer.nextAttempt(t01)).toBe(2);
  const moved = await fileSystem.list(`${folder}/quarantine`);
  expect(moved).toHaveLength(what === 'missing' ? 1 : 2);
  await performRest(resumed.writer, plan);
  const stored = await readRun(folder, fileSystem);
  expect(stored).toMatchObject({ sealed: true, problems: [], quarantined: [{ trialId: t01, attempt: 1 }] });
});

test('a record on the disk that no journal line names is moved away, never believed', async () => {
  const fileSystem = await killedRun();
  const orphan = await fileSystem.openNew(`${folder}/trials/${t02}/attempt-1.json`);
  await orphan.write(Buffer.from('{"state":"ok"}'));
  const partial = await fileSystem.openNew(`${folder}/trials/${t02}/.attempt-2.json.partial`);
  await partial.write(Buffer.from('{"sta'));
  expect((await readRun(folder, fileSystem)).problems.map(({ path }) => path)).toEqual([
    `trials/${t02}/.attempt-2.json.partial`,
    `trials/${t02}/attempt-1.json`,
  ]);
  const resumed = await resumeRun(folder, sampleOptions(fileSystem));
  expect(resumed.repairs.map(({ kind }) => kind)).toEqual(['partial-file', 'unvouched-file', 'interrupted-attempt']);
  expect(resumed.records.at(-1)).toMatchObject({ trialId: t02, attempt: 1, state: 'interrupted' });
  expect(await fileSystem.list(`${folder}/quarantine`)).toEqual([`5.trials.${t02}.attempt-1.json`]);
  expect((await readRun(folder, fileSystem)).problems).toEqual([]);
});

test('a run can be resumed over and over', async () => {
  let fileSystem = await killedRun();
  for (let time = 2; time <= 5; time += 1) {
    const { writer, records } = await resumeRun(folder, sampleOptions(fileSystem));
    expect(records).toHaveLength(time);
    await writer.attemptStarted(t02, writer.nextAttempt(t02));
    fileSystem = killed(fileSystem);
  }
  const { writer } = await resumeRun(folder, sampleOptions(fileSystem));
  await performRest(writer, plan, new Set([t01]));
  expect(await readRun(folder, fileSystem)).toMatchObject({ sealed: true, problems: [] });
});

test('a run killed between its last journal line and its seal needs nothing but the seal', async () => {
  const memory = new MemoryFileSystem([sampleRoot]);
  const fileSystem = watchedFileSystem(memory, {
    before: ({ name, paths }) => {
      if (name === 'link' && paths[1]?.endsWith('SEAL.json')) throw systemError('EIO');
      return undefined;
    },
  });
  const first = await beginSample(fileSystem, 2);
  await expect(performRest(first, plan)).rejects.toMatchObject({ code: 'E_DISK_FAILED' });
  const { writer, repairs } = await resumeRun(folder, sampleOptions(memory));
  expect(repairs).toEqual([]);
  await writer.seal();
  expect(await readRun(folder, memory)).toMatchObject({ sealed: true, problems: [] });
});

test('a sealed run is not resumed', async () => {
  const fileSystem = new MemoryFileSystem([sampleRoot]);
  await performRest(await beginSample(fileSystem, 2), plan);
  await expect(resumeRun(folder, sampleOptions(fileSystem))).rejects.toMatchObject({
    code: 'E_RUN_SEALED',
    kind: 'usage',
  });
});

test('a run whose process still lives is left alone', async () => {
  const fileSystem = new MemoryFileSystem([sampleRoot]);
  await using writer = await beginSample(fileSystem, 2);
  await writer.attemptStarted(t01, 1);
  const refused = resumeRun(folder, sampleOptions(fileSystem));
  await expect(refused).rejects.toMatchObject({ code: 'E_RUN_IN_USE', kind: 'lease' });
  await writer.attemptFinished(okDraft(plan, writer.runId, t01, 1), sampleHistograms(t01, 1));
});

test('a run is not continued on another host, and nothing of it is changed', async () => {
  const fileSystem = await killedRun();
  const before = await fileSystem.read(`${folder}/journal.ndjson`, 1e6);
  const options = { ...sampleOptions(fileSystem), hostKeyFor: () => 'hk1-ffffffffffffffff' };
  await expect(resumeRun(folder, options)).rejects.toMatchObject({ code: 'E_OTHER_HOST', kind: 'environment' });
  expect(await fileSystem.read(`${folder}/journal.ndjson`, 1e6)).toEqual(before);
  const { writer } = await resumeRun(folder, { ...options, hostKeyFor: () => 'hk1-0123456789abcdef' });
  await writer.close();
});

test('a line damaged in the middle of the journal is refused with its number', async () => {
  const fileSystem = await killedRun();
  fileSystem.damage(`${folder}/journal.ndjson`, (bytes) => {
    bytes[bytes.indexOf(0x0a) + 60] = 0x21;
    return bytes;
  });
  await expect(resumeRun(folder, sampleOptions(fileSystem))).rejects.toMatchObject({
    code: 'E_JOURNAL_DAMAGED',
    kind: 'results',
    where: `${folder}/journal.ndjson, line 2`,
  });
});

test('a run of another major format version is refused by its number', async () => {
  const fileSystem = await killedRun();
  fileSystem.damage(`${folder}/plan.json`, (bytes) =>
    Buffer.from(Buffer.from(bytes).toString().replace('"schemaVersion":"1.0"', '"schemaVersion":"2.0"')),
  );
  await expect(resumeRun(folder, sampleOptions(fileSystem))).rejects.toMatchObject({
    code: 'E_RESULTS_DAMAGED',
    what: expect.stringContaining('format version 2.0, and this Photofinish reads 1.x'),
  });
});

test('a disk that fails to give a good record does not send it to quarantine', async () => {
  const memory = await killedRun();
  const fileSystem = watchedFileSystem(memory, {
    before: ({ name, paths }) => {
      if (name === 'read' && paths[0]?.includes(`trials/${t01}`)) throw systemError('EIO');
      return undefined;
    },
  });
  await expect(resumeRun(folder, sampleOptions(fileSystem))).rejects.toMatchObject({ code: 'E_DISK_FAILED' });
  expect(await memory.kind(`${folder}/quarantine`)).toBeNull();
  const { records, writer } = await resumeRun(folder, sampleOptions(memory));
  expect(records[0]).toMatchObject({ trialId: t01, state: 'ok' });
  await writer.close();
});

test('a disk that became read-only is told before anything else', async () => {
  const memory = await killedRun();
  const fileSystem = watchedFileSystem(memory, {
    before: ({ name }) => {
      if (name === 'openToAppend' || name === 'openNew' || name === 'remove') throw systemError('EROFS');
      return undefined;
    },
  });
  await expect(resumeRun(folder, sampleOptions(fileSystem))).rejects.toMatchObject({ code: 'E_RESULTS_NOT_WRITABLE' });
});
