import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRuntimes } from '../../local/runtime.ts';
import { contextFiles } from './context.ts';
import { imageRecipes } from './recipe.ts';
import { builderHere } from './specimens.ts';

const project = join(import.meta.dirname, '../../../../..');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photofinish-context-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function lay(...paths: string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), path);
  }
}

const recipeWith = async (ignored: string) => {
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY . /\n');
  await writeFile(join(folder, 'Dockerfile.dockerignore'), ignored);
  return {
    id: 'specimen',
    kind: 'runtime',
    title: 'a specimen',
    context: folder,
    dockerfile: join(folder, 'Dockerfile'),
  } as const;
};

const laid = ['a.txt', 'src/main.go', 'src/main_test.go', 'src/deep/x.go', 'dist/out', 'node_modules/p/index.js'];

test.each([
  ['nothing is left out', '', [...laid, 'Dockerfile', 'Dockerfile.dockerignore', 'link']],
  ['a folder is taken in again, but not its tests', '# why\n*\n!src\n**/*_test.go\n', ['src/deep/x.go', 'src/main.go']],
  ['one file deep down is taken in again', '*\n!src/deep/x.go', ['src/deep/x.go']],
  ['a link is taken in again', '*\n!link', ['link']],
  [
    'folders are left out wherever they are',
    '**/node_modules\ndist\nlink\nDockerfile*',
    ['a.txt', 'src/deep/x.go', 'src/main.go', 'src/main_test.go'],
  ],
])('the builder is given what is listed: %s', async (_title, ignored, expected) => {
  await lay(...laid);
  await symlink('a.txt', join(folder, 'link'));
  const files = await contextFiles(await recipeWith(ignored));
  expect(files.map(({ path }) => path)).toEqual([...expected].sort());
});

test('the context of every image of the project is what the builder itself takes', async (context) => {
  const builder = builderHere();
  if (builder !== null) context.skip(builder);
  for (const recipe of await imageRecipes(project, await readRuntimes(join(project, 'runtimes')))) {
    const target = join(folder, recipe.id);
    const dockerfile = join(folder, 'Dockerfile');
    await writeFile(dockerfile, 'FROM scratch\nCOPY . /\n');
    execFileSync('cp', [`${recipe.dockerfile}.dockerignore`, `${dockerfile}.dockerignore`]);
    execFileSync(
      'docker',
      ['buildx', 'build', `--output=type=local,dest=${target}`, `--file=${dockerfile}`, recipe.context],
      { stdio: 'ignore' },
    );
    const taken = await readdir(target, { recursive: true, withFileTypes: true });
    const paths = taken
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(target, join(entry.parentPath, entry.name)));
    const files = await contextFiles(recipe);
    expect(
      files.map(({ path }) => path),
      recipe.id,
    ).toEqual(paths.sort());
  }
}, 60_000);
