import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nameImage } from './content.ts';
import type { ImageRecipe } from './recipe.ts';

let folder: string;
let recipe: ImageRecipe;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photofinish-content-'));
  recipe = {
    id: 'specimen',
    kind: 'runtime',
    title: 'a specimen',
    context: folder,
    dockerfile: join(folder, 'Dockerfile'),
  };
  await writeFile(join(folder, 'Dockerfile'), 'FROM debian:trixie-slim\nCOPY server /\n');
  await writeFile(join(folder, 'Dockerfile.dockerignore'), '*\n!server\n');
  await writeFile(join(folder, 'server'), 'one');
  await writeFile(join(folder, 'README.md'), 'one');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** An engine that has the images given, by reference and id. */
function engineWith(images: Readonly<Record<string, string>>): Docker {
  const client = new Docker({ socketPath: '/nonexistent' });
  client.getImage = ((reference: string) => ({
    inspect: async () => {
      const id = images[reference];
      if (id === undefined) throw Object.assign(new Error('no such image'), { statusCode: 404 });
      return { Id: id };
    },
  })) as unknown as Docker['getImage'];
  return client;
}

const withBase = engineWith({ 'debian:trixie-slim': 'sha256:aaaa' });

test('an image is named by 16 digits of its content', async () => {
  const { content, reference } = await nameImage(withBase, recipe);
  expect(content).toMatch(/^[0-9a-f]{64}$/);
  expect(reference).toBe(`photofinish/specimen:${content.slice(0, 16)}`);
});

test.each([
  ['a file of the context has other bytes', async () => await writeFile(join(folder, 'server'), 'two')],
  ['a file of the context becomes executable', async () => await chmod(join(folder, 'server'), 0o755)],
  ['the Dockerfile changes', async () => await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\n')],
  [
    'more is let into the context',
    async () => await writeFile(join(folder, 'Dockerfile.dockerignore'), '*\n!server\n!README.md\n'),
  ],
])('the content is another when %s', async (_title, change) => {
  const before = await nameImage(withBase, recipe);
  await change();
  expect((await nameImage(withBase, recipe)).content).not.toBe(before.content);
});

test('the content is another when a base image is another, and when it is not there', async () => {
  const engines = [withBase, engineWith({ 'debian:trixie-slim': 'sha256:bbbb' }), engineWith({})];
  const names = await Promise.all(engines.map((engine) => nameImage(engine, recipe)));
  expect(new Set(names.map(({ content }) => content)).size).toBe(3);
});

test('the content is the same when a file outside the context changes, or a time stamp', async () => {
  const before = await nameImage(withBase, recipe);
  await writeFile(join(folder, 'README.md'), 'two');
  await writeFile(join(folder, 'new.txt'), 'new');
  await writeFile(join(folder, 'server'), 'one');
  expect(await nameImage(withBase, recipe)).toEqual(before);
});

test('a Dockerfile that is gone is named', async () => {
  await rm(recipe.dockerfile);
  await expect(nameImage(withBase, recipe)).rejects.toMatchObject({
    code: 'E_IMAGE_CONTEXT',
    where: recipe.dockerfile,
  });
});
