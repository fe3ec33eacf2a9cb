import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileSystem } from './file-system.ts';
import { MemoryFileSystem } from './mock/memory-file-system.ts';
import { nodeFileSystem } from './node-file-system.ts';

let temporary = '';
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'photofinish-store-'));
});
afterAll(() => rm(temporary, { recursive: true }));

let folders = 0;

/** A file system and an empty folder in it. */
const places: [string, () => Promise<{ fileSystem: FileSystem; folder: string }>][] = [
  ['the disk in memory', async () => ({ fileSystem: new MemoryFileSystem(['place']), folder: 'place' })],
  [
    'the real disk',
    async () => {
      const folder = join(temporary, String(folders++));
      await nodeFileSystem.makeFolder(folder);
      return { fileSystem: nodeFileSystem, folder };
    },
  ],
];

const bytes = (text: string) => Buffer.from(text);
const failsWith = (code: string) => expect.objectContaining({ code });

describe.each(places)('%s', (_, makePlace) => {
  async function withFile(text = 'abc') {
    const { fileSystem, folder } = await makePlace();
    const path = `${folder}/file`;
    const file = await fileSystem.openNew(path);
    await file.write(bytes(text));
    await file.sync();
    await file.close();
    return { fileSystem, folder, path };
  }

  test('tells files, folders and nothing apart', async () => {
    const { fileSystem, folder, path } = await withFile();
    expect(await fileSystem.kind(path)).toBe('file');
    expect(await fileSystem.kind(folder)).toBe('folder');
    expect(await fileSystem.kind(`${folder}/.`)).toBe('folder');
    expect(await fileSystem.kind(`${folder}/none`)).toBeNull();
    await expect(fileSystem.kind(`${path}/below`)).rejects.toEqual(failsWith('ENOTDIR'));
  });

  test('never creates over something', async () => {
    const { fileSystem, folder, path } = await withFile();
    await fileSystem.makeFolder(`${folder}/inner`);
    for (const taken of [path, `${folder}/inner`]) {
      await expect(fileSystem.openNew(taken)).rejects.toEqual(failsWith('EEXIST'));
      await expect(fileSystem.makeFolder(taken)).rejects.toEqual(failsWith('EEXIST'));
      await expect(fileSystem.link(path, taken)).rejects.toEqual(failsWith('EEXIST'));
    }
    await expect(fileSystem.openNew(`${folder}/none/file`)).rejects.toEqual(failsWith('ENOENT'));
  });

  test('reads no more than one byte past the limit, and files only', async () => {
    const { fileSystem, folder, path } = await withFile('abcdef');
    expect(Buffer.from(await fileSystem.read(path, 3)).toString()).toBe('abcd');
    expect(Buffer.from(await fileSystem.read(path, 100)).toString()).toBe('abcdef');
    await expect(fileSystem.read(`${folder}/none`, 3)).rejects.toEqual(failsWith('ENOENT'));
    await expect(fileSystem.read(folder, 3)).rejects.toThrow();
  });

  test('appends at the end, also after cutting back', async () => {
    const { fileSystem, path } = await withFile('abcdef');
    const file = await fileSystem.openToAppend(path);
    expect(await file.write(bytes('gh'))).toBe(2);
    expect(await file.size()).toBe(8);
    await file.truncate(2);
    await file.write(bytes('z'));
    await file.close();
    expect(Buffer.from(await fileSystem.read(path, 100)).toString()).toBe('abz');
    await expect(fileSystem.openToAppend(`${path}-none`)).rejects.toEqual(failsWith('ENOENT'));
  });

  test('lists names in order, and gives files new names', async () => {
    const { fileSystem, folder, path } = await withFile();
    await fileSystem.link(path, `${folder}/a`);
    await fileSystem.rename(path, `${folder}/Z`);
    expect(await fileSystem.list(folder)).toEqual(['Z', 'a']);
    await fileSystem.remove(`${folder}/Z`);
    expect(Buffer.from(await fileSystem.read(`${folder}/a`, 9)).toString()).toBe('abc');
    await expect(fileSystem.remove(`${folder}/Z`)).rejects.toEqual(failsWith('ENOENT'));
    await fileSystem.syncFolder(folder);
  });

  test('removes folders only when they are empty', async () => {
    const { fileSystem, folder, path } = await withFile();
    await expect(fileSystem.removeFolder(folder)).rejects.toEqual(failsWith('ENOTEMPTY'));
    await fileSystem.remove(path);
    await fileSystem.removeFolder(folder);
    expect(await fileSystem.kind(folder)).toBeNull();
  });

  test('gives a folder to one holder at a time', async () => {
    const { fileSystem, folder } = await makePlace();
    const claim = await fileSystem.claim(folder);
    await expect(fileSystem.claim(folder)).rejects.toEqual(failsWith('EBUSY'));
    await claim.release();
    await (await fileSystem.claim(folder)).release();
  });

  test('says how much room there is', async () => {
    const { fileSystem, folder } = await makePlace();
    expect(await fileSystem.freeBytes(folder)).toBeGreaterThan(0);
  });
});

test('the real disk does not follow links to files, and sees what they are', async () => {
  const [target, link] = [join(temporary, 'target'), join(temporary, 'link')];
  await (await nodeFileSystem.openNew(target)).close();
  await symlink(target, link);
  expect(await nodeFileSystem.kind(link)).toBe('other');
  await expect(nodeFileSystem.read(link, 9)).rejects.toEqual(failsWith('ELOOP'));
  await expect(nodeFileSystem.openToAppend(link)).rejects.toEqual(failsWith('ELOOP'));
});
