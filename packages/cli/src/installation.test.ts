import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commitOf, resultsFolder } from './installation.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photofinish-installed-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

describe('an installed package', () => {
  const root = () => join(folder, 'node_modules', '@photofinish', 'cli', 'workspace');

  test('writes results below the folder the command was given in, a clone into itself', () => {
    expect(resultsFolder(root(), '/somewhere')).toBe('/somewhere/results');
    expect(resultsFolder('/clone', '/somewhere')).toBe('/clone/results');
  });

  test.for([
    ['its manifest has, not that of a repository around it', { gitHead: '0123456789abcdef0123' }, '0123456789ab'],
    ['nobody knows when it was packed from a changed tree', {}, null],
  ] as const)('is of the commit that %s', async ([, manifest, expected]) => {
    await mkdir(root(), { recursive: true });
    await writeFile(join(root(), '..', 'package.json'), JSON.stringify(manifest));
    expect(await commitOf(root())).toBe(expected);
  });

  test('has no commit outside of any repository', async () => {
    expect(await commitOf(folder)).toBeNull();
  });
});
