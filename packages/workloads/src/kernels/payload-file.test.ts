import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError } from '@photofinish/schema';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isPayload, writePayload } from './payload-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photofinish-payload-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('the payload is written whole into a folder that did not exist, with no draft left beside it', async () => {
  const path = await writePayload(join(folder, 'data', 'deep'));
  expect(path).toBe(join(folder, 'data', 'deep', 'payload.json'));
  expect(isPayload(await readFile(path))).toBe(true);
  expect(await readdir(join(folder, 'data', 'deep'))).toEqual(['payload.json']);
});

test('a valid payload is kept as it is', async () => {
  const path = await writePayload(folder);
  const longAgo = new Date('2020-01-01T00:00:00Z');
  await utimes(path, longAgo, longAgo);
  await writePayload(folder);
  expect((await stat(path)).mtime).toEqual(longAgo);
});

test.each([
  ['cut short', (content: Buffer) => content.subarray(0, -1)],
  [
    'of the right length with one wrong byte',
    (content: Buffer) => Buffer.concat([content.subarray(0, -1), Buffer.from('x')]),
  ],
])('a payload %s is replaced', async (_title, damage) => {
  const path = await writePayload(folder);
  await writeFile(path, damage(await readFile(path)));
  await writePayload(folder);
  expect(isPayload(await readFile(path))).toBe(true);
});

test('two writers at once leave one valid file', async () => {
  const [first, second] = await Promise.all([writePayload(folder), writePayload(folder)]);
  expect(first).toBe(second);
  expect(await readdir(folder)).toEqual(['payload.json']);
  expect(isPayload(await readFile(first))).toBe(true);
});

test('a folder that cannot be made is told with its path and what to do', async () => {
  const file = join(folder, 'not-a-folder');
  await writeFile(file, '');
  const attempt = writePayload(join(file, 'data'));
  await expect(attempt).rejects.toBeInstanceOf(EnvironmentError);
  await expect(attempt).rejects.toMatchObject({ code: 'E_DATA_FOLDER', where: join(file, 'data', 'payload.json') });
});
