import { MeasurementError, ResultsError } from '@photofinish/schema';
import { expect, test } from 'vitest';
import { histogramReference } from './attempt.ts';
import { MemoryFileSystem } from './mock/memory-file-system.ts';
import { failedDraft, okDraft, sampleHistograms, sampleMeasurement, skippedDraft } from './mock/sample-attempts.ts';
import { samplePlan } from './mock/sample-run.ts';
import { beginSample, perform, performRest, sampleRoot } from './mock/sample-store.ts';
import { type Call, isLooking, systemError, watchedFileSystem } from './mock/watched-file-system.ts';
import { readRun } from './read-run.ts';

const plan = samplePlan(1);
const [t01, t02] = ['timer.b01.t01', 'timer.b01.t02'];
const newDisk = () => new MemoryFileSystem([sampleRoot]);

test('an attempt is written in the one order that survives a power cut', async () => {
  const calls: Call[] = [];
  const fileSystem = watchedFileSystem(newDisk(), { after: (call) => calls.push(call) });
  const writer = await beginSample(fileSystem);
  const heard = async (work: () => Promise<unknown>) => {
    calls.length = 0;
    await work();
    const short = (path: string) => path.replace(`${writer.folder}/`, '').replaceAll(`/${t01}`, '');
    return calls
      .filter((call) => !isLooking(call))
      .map(({ name, paths }) => `${name} ${paths.map(short).join(' -> ')}`);
  };
  expect(await heard(() => writer.attemptStarted(t01, 1))).toEqual([
    'makeFolder trials',
    'syncFolder trials',
    'makeFolder raw',
    'syncFolder raw',
    'write journal.ndjson',
    'sync journal.ndjson',
  ]);
  const draft = okDraft(plan, writer.runId, t01, 1);
  expect(await heard(() => writer.attemptFinished(draft, sampleHistograms(t01, 1)))).toEqual([
    'openNew raw/.attempt-1.histograms.json.partial',
    'write raw/.attempt-1.histograms.json.partial',
    'sync raw/.attempt-1.histograms.json.partial',
    'link raw/.attempt-1.histograms.json.partial -> raw/attempt-1.histograms.json',
    'remove raw/.attempt-1.histograms.json.partial',
    'syncFolder raw',
    'openNew trials/.attempt-1.json.partial',
    'write trials/.attempt-1.json.partial',
    'sync trials/.attempt-1.json.partial',
    'link trials/.attempt-1.json.partial -> trials/attempt-1.json',
    'remove trials/.attempt-1.json.partial',
    'syncFolder trials',
    'write journal.ndjson',
    'sync journal.ndjson',
  ]);
  await writer.close();
});

test('nothing touches the disk between calls', async () => {
  const calls: Call[] = [];
  const writer = await beginSample(watchedFileSystem(newDisk(), { before: (call) => void calls.push(call) }));
  await writer.attemptStarted(t01, 1);
  calls.length = 0;
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
  expect(calls).toEqual([]);
  await writer.close();
});

test('the writer gives a record its position and the reference to its histograms', async () => {
  const fileSystem = newDisk();
  const writer = await beginSample(fileSystem);
  expect(writer.nextSequence).toBe(0);
  await perform(writer, plan, t02, 'failed');
  await writer.attemptStarted(t01, 1);
  const histograms = sampleHistograms(t01, 1);
  const record = await writer.attemptFinished(okDraft(plan, writer.runId, t01, 1), histograms);
  expect(record).toMatchObject({ sequence: 1, measurement: { histograms: histogramReference(histograms) } });
  expect((await readRun(writer.folder, fileSystem)).records[1]).toEqual(record);
  await writer.close();
});

test.each([
  ['a wrong position', { sequence: 5 }, 'sequence is 0, not 5'],
  [
    'the reference to other histograms',
    { measurement: { ...sampleMeasurement(), histograms: histogramReference(sampleHistograms(t02, 1)) } },
    'reference to the histograms',
  ],
  ['a number that is not one', { timeToReadySeconds: Number.NaN }, 'timeToReadySeconds'],
  ['an attempt that was not started', { attempt: 2 }, 'attempt 2'],
])('%s in a draft is refused, and the writer goes on', async (_, wrong, reason) => {
  const fileSystem = newDisk();
  const writer = await beginSample(fileSystem);
  await writer.attemptStarted(t01, 1);
  const draft = okDraft(plan, writer.runId, t01, 1);
  const histograms = sampleHistograms(t01, 'attempt' in wrong ? wrong.attempt : 1);
  await expect(writer.attemptFinished({ ...draft, ...wrong } as typeof draft, histograms)).rejects.toThrow(reason);
  await writer.attemptFinished(draft, sampleHistograms(t01, 1));
  expect((await readRun(writer.folder, fileSystem)).problems).toEqual([]);
  await writer.close();
});

test('a measurement and its histograms come together or not at all', async () => {
  const writer = await beginSample(newDisk());
  await writer.attemptStarted(t01, 1);
  await expect(writer.attemptFinished(okDraft(plan, writer.runId, t01, 1), null)).rejects.toThrow('come together');
  const failed = failedDraft(plan, writer.runId, t01, 1);
  await expect(writer.attemptFinished(failed, sampleHistograms(t01, 1))).rejects.toThrow('come together');
  await writer.close();
});

test('figures that contradict each other are refused as a measurement that failed, and another record can take their place', async () => {
  const writer = await beginSample(newDisk());
  await writer.attemptStarted(t01, 1);
  const measurement = { ...sampleMeasurement(), throughput: 1980 };
  const draft = { ...okDraft(plan, writer.runId, t01, 1), measurement } as ReturnType<typeof okDraft>;
  const refused = writer.attemptFinished(draft, sampleHistograms(t01, 1));
  await expect(refused).rejects.toBeInstanceOf(MeasurementError);
  await expect(refused).rejects.toMatchObject({ code: 'E_RECORD_CONTRADICTS', where: `attempt 1 at ${t01}` });
  expect(await writer.attemptFinished(failedDraft(plan, writer.runId, t01, 1), null)).toMatchObject({ sequence: 0 });
  await writer.close();
});

test('calls made at once are done one after another, in their order', async () => {
  const fileSystem = newDisk();
  const writer = await beginSample(fileSystem);
  const draft = okDraft(plan, writer.runId, t01, 1);
  await Promise.all([
    writer.attemptStarted(t01, 1),
    writer.attemptFinished(draft, sampleHistograms(t01, 1)),
    writer.note('progress', { done: 1 }),
    writer.attemptFinished(skippedDraft(plan, writer.runId, t02, 1), null),
    writer.seal(),
    writer.close(),
  ]);
  const stored = await readRun(writer.folder, fileSystem);
  expect(stored).toMatchObject({ sealed: true, problems: [] });
  expect(stored.records.map(({ state }) => state)).toEqual(['ok', 'skipped']);
});

test('a run is sealed only when every planned trial has an end', async () => {
  const fileSystem = newDisk();
  const writer = await beginSample(fileSystem);
  await perform(writer, plan, t01);
  await writer.attemptStarted(t02, 1);
  await expect(writer.seal()).rejects.toMatchObject({ code: 'E_RUN_INCOMPLETE', given: t02 });
  await writer.attemptFinished(failedDraft(plan, writer.runId, t02, 1), null);
  await writer.seal();
  expect(await readRun(writer.folder, fileSystem)).toMatchObject({ sealed: true, problems: [], unfinished: [] });
});

test.each([`trials/${t01}/attempt-1.json`, `raw/${t01}/attempt-1.histograms.json`, 'plan.json', 'journal.ndjson'])(
  'a run is not sealed over a changed %s',
  async (file) => {
    const fileSystem = newDisk();
    const writer = await beginSample(fileSystem);
    await perform(writer, plan, t01);
    await perform(writer, plan, t02, 'failed');
    fileSystem.damage(`${writer.folder}/${file}`, (bytes) => bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte)));
    const refused = writer.seal();
    await expect(refused).rejects.toBeInstanceOf(ResultsError);
    await expect(refused).rejects.toMatchObject({ code: 'E_SEAL_REFUSED', given: expect.stringContaining(file) });
    expect(await fileSystem.kind(`${writer.folder}/SEAL.json`)).toBeNull();
    await writer.close();
  },
);

test('nothing can be written to a sealed run', async () => {
  const writer = await beginSample(newDisk());
  await performRest(writer, plan);
  await expect(writer.note('late', null)).rejects.toThrow('this run is sealed');
  await writer.close();
});

test('a full disk ends the run with a last journal line written into the space kept back', async () => {
  const memory = newDisk();
  let isFull = false;
  const fileSystem = watchedFileSystem(memory, {
    before: ({ name, paths }) => {
      if (name === 'remove' && paths[0]?.endsWith('.reserve')) isFull = false;
      if (isFull && name === 'write') throw systemError('ENOSPC');
      return undefined;
    },
  });
  const writer = await beginSample(fileSystem);
  await perform(writer, plan, t01);
  await writer.attemptStarted(t02, 1);
  isFull = true;
  const failed = writer.attemptFinished(okDraft(plan, writer.runId, t02, 1), sampleHistograms(t02, 1));
  await expect(failed).rejects.toMatchObject({ code: 'E_DISK_FULL', kind: 'environment-lost' });
  await expect(writer.note('after', null)).rejects.toMatchObject({ code: 'E_DISK_FULL' });
  await writer.close();
  const journal = Buffer.from(await memory.read(`${writer.folder}/journal.ndjson`, 1e6)).toString();
  expect(journal.trimEnd().split('\n').at(-1)).toContain('"event":"disk_full"');
  const stored = await readRun(writer.folder, memory);
  expect(stored.problems).toEqual([]);
  expect(stored.records.map(({ trialId }) => trialId)).toEqual([t01]);
  expect(stored.unfinished).toEqual([{ trialId: t02, attempt: 1 }]);
});

test('a journal line that a full disk cut short is taken back before the last line', async () => {
  const memory = newDisk();
  let writes = 0;
  const fileSystem = watchedFileSystem(memory, {
    before: ({ name, paths }) => {
      if (name !== 'write' || !paths[0]?.endsWith('journal.ndjson')) return undefined;
      writes += 1;
      if (writes === 2) throw systemError('ENOSPC');
      return writes === 1 ? 'short' : undefined;
    },
  });
  const writer = await beginSample(fileSystem);
  await expect(writer.attemptStarted(t01, 1)).rejects.toMatchObject({ code: 'E_DISK_FULL' });
  expect(await readRun(writer.folder, memory)).toMatchObject({ problems: [], unfinished: [], records: [] });
});

test('a writer that finds lines of somebody else in its journal stops', async () => {
  const memory = newDisk();
  const writer = await beginSample(memory);
  const stranger = await memory.openToAppend(`${writer.folder}/journal.ndjson`);
  await stranger.write(Buffer.from('{}\n'));
  await expect(writer.attemptStarted(t01, 1)).rejects.toMatchObject({ code: 'E_JOURNAL_SHARED', kind: 'results' });
  await expect(writer.seal()).rejects.toMatchObject({ code: 'E_JOURNAL_SHARED' });
});

test('a file system without links still refuses to replace a file', async () => {
  const memory = newDisk();
  const fileSystem = watchedFileSystem(memory, {
    before: ({ name }) => {
      if (name === 'link') throw systemError('EPERM');
      return undefined;
    },
  });
  const writer = await beginSample(fileSystem);
  await perform(writer, plan, t01);
  await (await memory.openNew(`${writer.folder}/SEAL.json`)).close();
  await perform(writer, plan, t02);
  await expect(writer.seal()).rejects.toMatchObject({
    code: 'E_DISK_FAILED',
    given: expect.stringContaining('EEXIST'),
  });
  expect((await memory.read(`${writer.folder}/SEAL.json`, 10)).length).toBe(0);
});

test('leaving the scope of `await using` closes the run, which can then be claimed again', async () => {
  const memory = newDisk();
  let folder = '';
  {
    await using writer = await beginSample(memory);
    folder = writer.folder;
    await expect(memory.claim(folder)).rejects.toMatchObject({ code: 'EBUSY' });
  }
  await expect(memory.claim(folder)).resolves.toBeDefined();
});
