import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeDerivedFile } from './derived-file.ts';
import { nodeFileSystem } from './node-file-system.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photofinish-derived-'));
  await writeFile(join(folder, 'plan.json'), '{}');
});
afterEach(() => rm(folder, { recursive: true }));

test('a page replaces the earlier one and leaves nothing else behind', async () => {
  await writeDerivedFile(folder, 'page', 'first');
  const path = await writeDerivedFile(folder, 'page', 'second');
  expect(await readFile(path, 'utf8')).toBe('second');
  expect((await readdir(folder)).sort()).toEqual(['plan.json', 'report.html']);
});

test('what an earlier attempt left half written is no obstacle', async () => {
  await writeFile(join(folder, '.report.html.partial'), 'half');
  await writeDerivedFile(folder, 'page', 'whole');
  expect((await readdir(folder)).sort()).toEqual(['plan.json', 'report.html']);
});

test('a full disk is told, and the earlier page stays', async () => {
  await writeDerivedFile(folder, 'page', 'first');
  const full = {
    ...nodeFileSystem,
    openNew: async () => {
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    },
  };
  await expect(writeDerivedFile(folder, 'page', 'second', full)).rejects.toMatchObject({ code: 'E_DISK_FULL' });
  expect(await readFile(join(folder, 'report.html'), 'utf8')).toBe('first');
});

test('a folder that is no run folder is not written to', async () => {
  await rm(join(folder, 'plan.json'));
  await expect(writeDerivedFile(folder, 'page', 'text')).rejects.toThrow('is no run folder');
  expect(await readdir(folder)).toEqual([]);
});
