import { canonicalJson, digestOf, ResultsError } from '@photofinish/schema';
import { expect, test } from 'vitest';
import { MemoryFileSystem } from './mock/memory-file-system.ts';
import { okDraft, sampleHistograms } from './mock/sample-attempts.ts';
import { sampleEnvironment, samplePlan } from './mock/sample-run.ts';
import {
  beginSample,
  edit,
  sampleFolder as folder,
  partialRun,
  perform,
  sampleOptions,
  sampleRoot,
  sealedRun,
} from './mock/sample-store.ts';
import { systemError, watchedFileSystem } from './mock/watched-file-system.ts';
import { readRun, type StoredRun } from './read-run.ts';
import { resumeRun } from './resume-run.ts';

const plan = samplePlan(1);
const [t01, t02] = ['timer.b01.t01', 'timer.b01.t02'];
const states = ({ records }: StoredRun) => records.map(({ trialId, state }) => `${trialId} ${state}`);

test('a sealed run gives back its records in the order of the run', async () => {
  const stored = await readRun(folder, await sealedRun());
  expect(stored).toMatchObject({ folder, plan, sealed: true, problems: [], superseded: [], quarantined: [] });
  expect(stored.environment).toEqual(sampleEnvironment());
  expect(states(stored)).toEqual([`${t01} ok`, `${t02} ok`]);
});

test('a run still under way reads as partial without a problem', async () => {
  const disk = new MemoryFileSystem([sampleRoot]);
  const writer = await beginSample(disk);
  await perform(writer, plan, t01);
  await writer.attemptStarted(t02, 1);
  const stored = await readRun(folder, disk);
  expect(stored).toMatchObject({ sealed: false, problems: [], unfinished: [{ trialId: t02, attempt: 1 }] });
  await writer.attemptFinished(okDraft(plan, writer.runId, t02, 1), sampleHistograms(t02, 1));
});

test('reading changes nothing', async () => {
  const disk = await partialRun();
  const watched = watchedFileSystem(disk, {
    before: ({ name }) => {
      if (!['kind', 'list', 'read'].includes(name)) throw new TypeError(`a reader calls ${name}`);
      return undefined;
    },
  });
  expect(states(await readRun(folder, watched))).toEqual([`${t01} ok`, `${t02} failed`]);
});

const record = `trials/${t01}/attempt-1.json`;
const raw = `raw/${t01}/attempt-1.histograms.json`;

test.each<[string, string, (bytes: Buffer) => Uint8Array, string]>([
  [
    'a figure changed by hand',
    record,
    (b) => Buffer.from(b.toString().replace('"throughput":198', '"throughput":199')),
    'its digest is not the one written down',
  ],
  ['a record cut short', record, (b) => b.subarray(0, 100), 'its digest is not the one written down'],
  ['an empty record', record, () => Buffer.alloc(0), 'its digest is not the one written down'],
  ['a record of 9 MiB', record, () => Buffer.alloc(9 * 2 ** 20, 0x20), 'it is longer than 8388608 bytes'],
  [
    'histograms of other bytes',
    raw,
    (b) => Buffer.concat([b, Buffer.from('\n')]),
    'its digest is not the one written down',
  ],
])('%s: left out, and told by path and reason', async (_, file, change, reason) => {
  const disk = await partialRun();
  disk.damage(`${folder}/${file}`, (bytes) => change(Buffer.from(bytes)));
  const stored = await readRun(folder, disk);
  expect(stored.problems).toEqual([{ path: file, reason }]);
  expect(states(stored)).toEqual([`${t02} failed`]);
});

test('missing histograms take their record out of the comparison', async () => {
  const disk = await partialRun();
  await disk.remove(`${folder}/${raw}`);
  const stored = await readRun(folder, disk);
  expect(stored.problems).toEqual([{ path: raw, reason: 'it is missing' }]);
  expect(states(stored)).toEqual([`${t02} failed`]);
});

test('a damaged journal line takes everything from there on out, and says which line', async () => {
  const disk = await partialRun();
  edit(disk, 'journal.ndjson', `"trialId":"${t02}"},"previous"`, `"trialId":"${t01}"},"previous"`);
  const stored = await readRun(folder, disk);
  expect(states(stored)).toEqual([`${t01} ok`]);
  expect(stored.problems).toEqual([
    { path: 'journal.ndjson', reason: 'line 4: its digest does not fit its text; nothing from there on counts' },
    { path: `trials/${t02}/attempt-1.json`, reason: expect.stringContaining('no sound journal line names it') },
  ]);
});

test('without its journal no record counts', async () => {
  const disk = await partialRun();
  await disk.remove(`${folder}/journal.ndjson`);
  const stored = await readRun(folder, disk);
  expect(stored.records).toEqual([]);
  expect(stored.problems[0]).toEqual({ path: 'journal.ndjson', reason: 'it is missing; no record counts without it' });
});

test.each<[string, (disk: MemoryFileSystem) => unknown, string]>([
  ['a missing plan', (disk) => disk.remove(`${folder}/plan.json`), 'plan.json cannot be used: it is missing'],
  [
    'a plan that is no JSON',
    (disk) => disk.damage(`${folder}/plan.json`, () => Buffer.from('{')),
    'plan.json cannot be used: not JSON',
  ],
  [
    'a changed plan',
    (disk) => edit(disk, 'plan.json', '"seed":7', '"seed":8'),
    'its hash is not the digest of everything else in it',
  ],
  ['a plan with a key too many', (disk) => edit(disk, 'plan.json', '{', '{"more":1,'), 'it does not fit the schema'],
  [
    'a missing environment',
    (disk) => disk.remove(`${folder}/environment.json`),
    'environment.json cannot be used: it is missing',
  ],
  [
    'another environment',
    (disk) => edit(disk, 'environment.json', '"EPYC"', '"Xeon"'),
    'it is not the one the journal began with',
  ],
])('%s makes the run unreadable, and the error names the file', async (_, harm, what) => {
  const disk = await partialRun();
  await harm(disk);
  const failed = readRun(folder, disk);
  await expect(failed).rejects.toBeInstanceOf(ResultsError);
  await expect(failed).rejects.toMatchObject({ code: 'E_RESULTS_DAMAGED', what: expect.stringContaining(what) });
});

test('the journal of another plan vouches for nothing', async () => {
  const disk = await partialRun();
  const { hash: _, ...rest } = samplePlan(1);
  const other = { ...rest, seed: 8 };
  disk.damage(`${folder}/plan.json`, () => Buffer.from(`${canonicalJson({ ...other, hash: digestOf(other) })}\n`));
  const stored = await readRun(folder, disk);
  expect(stored.records).toEqual([]);
  expect(stored.problems[0]?.reason).toContain('line 1: it was written for another plan file');
});

test('what is not ours in the folders of trials is told', async () => {
  const disk = await partialRun();
  for (const path of [`trials/${t01}/attempt-2.json`, `trials/${t01}/notes.txt`, 'trials/README', 'analysis.json']) {
    await (await disk.openNew(`${folder}/${path}`)).close();
  }
  const { problems } = await readRun(folder, disk);
  expect(problems.map(({ path }) => path)).toEqual([
    'trials/README',
    `trials/${t01}/attempt-2.json`,
    `trials/${t01}/notes.txt`,
  ]);
});

test('a disk that does not give a file is told by path, and one that gives nothing ends in a typed error', async () => {
  const disk = await partialRun();
  const failing = (name: string, part: string) =>
    watchedFileSystem(disk, {
      before: (call) => {
        if (call.name === name && call.paths[0]?.includes(part)) throw systemError('EIO');
        return undefined;
      },
    });
  const stored = await readRun(folder, failing('read', record));
  expect(stored.problems).toEqual([{ path: record, reason: 'it cannot be read (EIO)' }]);
  await expect(readRun(folder, failing('list', 'trials'))).rejects.toMatchObject({ code: 'E_RESULTS_DAMAGED' });
  await expect(readRun(folder, failing('read', 'plan.json'))).rejects.toMatchObject({ code: 'E_RESULTS_DAMAGED' });
});

test('what resuming repaired is no problem any more', async () => {
  const disk = await partialRun();
  edit(disk, record, '"throughput":198', '"throughput":199');
  const { writer } = await resumeRun(folder, sampleOptions(disk));
  await writer.close();
  expect(await readRun(folder, disk)).toMatchObject({ problems: [], quarantined: [{ trialId: t01, attempt: 1 }] });
});
