import { createHash } from 'node:crypto';
import { canonicalJson, digestOf, ResultsError } from '@photofinish/schema';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryFileSystem, nothingLost } from './mock/memory-file-system.ts';
import { okDraft, sampleEnvironment, sampleHistograms, samplePlan } from './mock/sample-run.ts';
import { beginSample, perform, performRest, sampleOptions, sampleRoot } from './mock/sample-store.ts';
import { systemError, watchedFileSystem } from './mock/watched-file-system.ts';
import { readRun, type StoredRun } from './read-run.ts';
import { resumeRun } from './resume-run.ts';

const plan = samplePlan(1);
const [t01, t02] = ['timer.b01.t01', 'timer.b01.t02'];
const folder = `${sampleRoot}/quick/20260131T120000Z-0a1b2c`;

/** A partial run: one `ok` trial, one `failed`, no seal. */
async function partialRun(): Promise<MemoryFileSystem> {
  const disk = new MemoryFileSystem([sampleRoot]);
  const writer = await beginSample(disk);
  await perform(writer, plan, t01);
  await perform(writer, plan, t02, 'failed');
  await writer.close();
  return disk;
}

async function sealedRun(): Promise<MemoryFileSystem> {
  const disk = new MemoryFileSystem([sampleRoot]);
  await performRest(await beginSample(disk), plan);
  return disk;
}

const edit = (disk: MemoryFileSystem, file: string, from: string | RegExp, to: string) =>
  disk.damage(`${folder}/${file}`, (bytes) => Buffer.from(Buffer.from(bytes).toString().replace(from, to)));

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

/** What a forger does: changes a record and mends the digest of every journal line from there on. */
function forge(disk: MemoryFileSystem, change: (text: string) => string): void {
  const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');
  let was = '';
  let is = '';
  disk.damage(`${folder}/${record}`, (bytes) => {
    const changed = Buffer.from(change(Buffer.from(bytes).toString()));
    [was, is] = [sha256(bytes), sha256(changed)];
    return changed;
  });
  disk.damage(`${folder}/journal.ndjson`, (bytes) => {
    let previous: string | null = null;
    const lines = Buffer.from(bytes).toString().trimEnd().split('\n');
    const mended = lines.map((line) => {
      const { digest: _, ...body } = JSON.parse(line.replace(was, is)) as Record<string, unknown>;
      const text: string = canonicalJson(previous === null ? body : { ...body, previous });
      previous = sha256(text);
      return `${text.slice(0, -1)},"digest":"${previous}"}\n`;
    });
    return Buffer.from(mended.join(''));
  });
}

test.each<[string, (text: string) => string, string]>([
  [
    'a shifted comma',
    (text) => text.replace('"throughput":198', '"throughput":1980'),
    'throughput times window is 3960.0',
  ],
  [
    'a better median',
    (text) => text.replace('"p50":0.055999', '"p50":0.051'),
    'in its histogram, 0.051 s in the record',
  ],
  [
    'a further field',
    (text) => text.replace('"state":"ok"', '"state":"ok","winner":true'),
    'it does not fit the schema',
  ],
  ['a state nobody knows', (text) => text.replace('"state":"ok"', '"state":"best"'), 'it does not fit the schema'],
  [
    'two throughputs',
    (text) => text.replace('"throughput":198', '"throughput":900,"throughput":198'),
    'the key "throughput" occurs twice',
  ],
  ['a prototype', (text) => text.replace('"guards":', '"__proto__":{},"guards":'), 'the key __proto__ is not allowed'],
  [
    'another target',
    (text) => text.replace('"targetId":"node/async-await"', '"targetId":"go/goroutines"'),
    'target is go/goroutines',
  ],
  [
    'a number beyond all',
    (text) => text.replace('"throughput":198', '"throughput":1e999'),
    'it does not fit the schema',
  ],
  ['a control character', (text) => text.replace('"ok"', '"\u0000"'), 'not JSON'],
  [
    'a later major version',
    (text) => text.replace('"schemaVersion":"1.0"', '"schemaVersion":"2.0"'),
    'it has format version 2.0, and this Photofinish reads 1.x',
  ],
])('a forged record with %s is refused even though every digest is right', async (_, change, reason) => {
  const disk = await partialRun();
  forge(disk, change);
  const stored = await readRun(folder, disk);
  expect(stored.problems).toEqual([{ path: record, reason: expect.stringContaining(reason) }]);
  expect(states(stored)).toEqual([`${t02} failed`]);
});

test('mending digests alone changes nothing: the forger of these tests does it right', async () => {
  const disk = await partialRun();
  forge(disk, (text) => text);
  expect(states(await readRun(folder, disk))).toEqual([`${t01} ok`, `${t02} failed`]);
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

test.each<[string, (disk: MemoryFileSystem) => unknown, string, string]>([
  [
    'a changed record',
    (disk) => edit(disk, record, '"throughput":198', '"throughput":199'),
    record,
    'it is not what was sealed',
  ],
  ['a missing file', (disk) => disk.remove(`${folder}/${raw}`), raw, 'it is sealed, but it is missing'],
  [
    'a file the seal forgot',
    (disk) => edit(disk, 'SEAL.json', /\{"file":"plan.json","sha256":"[0-9a-f]+"\},/, ''),
    'plan.json',
    'the seal does not name it',
  ],
  [
    'the seal of another run',
    (disk) => edit(disk, 'SEAL.json', '0a1b2c', 'ffffff'),
    'SEAL.json',
    'it is the seal of another run',
  ],
  [
    'a path out of the folder',
    (disk) => edit(disk, 'SEAL.json', '"plan.json"', '"../../plan.json"'),
    'SEAL.json',
    'not a path of a run folder',
  ],
  [
    'a seal that is no JSON',
    (disk) => disk.damage(`${folder}/SEAL.json`, () => Buffer.from('sealed')),
    'SEAL.json',
    'not JSON',
  ],
])('%s breaks the seal', async (_, harm, path, reason) => {
  const disk = await sealedRun();
  await harm(disk);
  const stored = await readRun(folder, disk);
  expect(stored.sealed).toBe(false);
  expect(stored.problems).toContainEqual({ path, reason: expect.stringContaining(reason) });
});

test('a sealed run whose journal was changed is read as broken', async () => {
  const disk = await sealedRun();
  disk.damage(`${folder}/journal.ndjson`, (bytes) => Buffer.concat([bytes, Buffer.from('{}\n')]));
  const stored = await readRun(folder, disk);
  expect(stored.sealed).toBe(false);
  expect(stored.problems.map(({ path }) => path)).toEqual(['journal.ndjson', 'journal.ndjson']);
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

test('any change of any file is told or changes nothing that is read (row 28 of the fault table)', async () => {
  const disk = await sealedRun();
  const sound = await readRun(folder, disk);
  const files = ['plan.json', 'environment.json', 'journal.ndjson', 'SEAL.json', record, raw];
  const changes = fc.array(
    fc.record({
      at: fc.nat(),
      cut: fc.nat({ max: 6 }),
      put: fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc.constantFrom('0', '9', '-', '"', ',', '{}', 'null').map((t) => Buffer.from(t)),
      ),
    }),
    { minLength: 1, maxLength: 3 },
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), changes, async (file, edits) => {
      const copy = disk.afterPowerCut(nothingLost);
      copy.damage(`${folder}/${file}`, (bytes) =>
        edits.reduce((text: Uint8Array, { at, cut, put }) => {
          const place = at % (text.length + 1);
          return Buffer.concat([text.subarray(0, place), put, text.subarray(place + cut)]);
        }, bytes),
      );
      const isSame =
        Buffer.compare(await copy.read(`${folder}/${file}`, 1e7), await disk.read(`${folder}/${file}`, 1e7)) === 0;
      const read = await readRun(folder, copy).catch((error: unknown) => error);
      if (read instanceof Error) {
        expect(read).toBeInstanceOf(ResultsError);
        expect(isSame).toBe(false);
        return;
      }
      const stored = read as StoredRun;
      for (const one of stored.records) expect(sound.records).toContainEqual(one);
      // A changed seal may still say the same: white space, another wall-clock time.
      if (!isSame && file !== 'SEAL.json')
        expect(stored).toMatchObject({ sealed: false, problems: expect.arrayContaining([expect.anything()]) });
    }),
    { numRuns: 300 },
  );
});

test('what resuming repaired is no problem any more', async () => {
  const disk = await partialRun();
  edit(disk, record, '"throughput":198', '"throughput":199');
  const { writer } = await resumeRun(folder, sampleOptions(disk));
  await writer.close();
  expect(await readRun(folder, disk)).toMatchObject({ problems: [], quarantined: [{ trialId: t01, attempt: 1 }] });
});
