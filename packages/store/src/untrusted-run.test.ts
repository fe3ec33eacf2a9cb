import { createHash } from 'node:crypto';
import { canonicalJson, ResultsError } from '@photofinish/schema';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MemoryFileSystem, nothingLost } from './mock/memory-file-system.ts';
import { edit, sampleFolder as folder, partialRun, sealedRun } from './mock/sample-store.ts';
import { readRun, type StoredRun } from './read-run.ts';

const [t01, t02] = ['timer.b01.t01', 'timer.b01.t02'];
const record = `trials/${t01}/attempt-1.json`;
const raw = `raw/${t01}/attempt-1.histograms.json`;

const states = ({ records }: StoredRun) => records.map(({ trialId, state }) => `${trialId} ${state}`);

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
