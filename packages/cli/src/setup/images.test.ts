import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connectDocker, type DockerConnection, imageRecipes, nameImage, type Runtime } from '@photofinish/engines';
import { RuntimeManifest } from '@photofinish/schema';
import { createColors } from 'picocolors';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Invocation } from '../terminal.ts';
import { bringImages, findImages } from './images.ts';

/** Why nothing can be built here; null when it can. */
function lackOfBuilder(): string | null {
  try {
    execFileSync('docker', ['version'], { stdio: 'pipe', timeout: 20_000 });
    execFileSync('docker', ['buildx', 'version'], { stdio: 'pipe', timeout: 20_000 });
    return null;
  } catch {
    return 'no container engine with buildx answers here';
  }
}

const lack = lackOfBuilder();
/** A word of its own keeps the builder from answering out of its cache. */
const word = randomBytes(8).toString('hex');
const ids = { good: `good-${word}`, broken: `broken-${word}`, unasked: `unasked-${word}` } as const;

let root: string;
let connection: DockerConnection;
let printed: string;
beforeEach(async (context) => {
  if (lack !== null) context.skip(lack);
  root = await mkdtemp(join(tmpdir(), 'photofinish-project-'));
  connection = await connectDocker({ environment: process.env, home: homedir() });
  printed = '';
  await lay('package.json', '{ "name": "specimen", "repository": "https://example.org/specimen" }');
  await lay('docker/native.Dockerfile', 'FROM scratch\nCOPY core /\n');
  await lay('core', word);
  for (const id of Object.values(ids)) await lay(`runtimes/${id}/Dockerfile`, 'FROM scratch\nCOPY core /\n');
  await lay(`runtimes/${ids.broken}/Dockerfile`, 'FROM scratch\nCOPY core /\nCOPY nothing-of-the-kind /\n');
});
afterEach(async () => {
  if (lack !== null) return;
  for (const recipe of await imageRecipes(root, runtimes())) {
    const { reference } = await nameImage(connection.client, recipe);
    await connection.client.getImage(reference).remove().catch(absent);
  }
  await connection.close();
  await rm(root, { recursive: true });
});

function absent(error: { statusCode?: number }): void {
  if (error.statusCode !== 404) throw error;
}

async function lay(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

const runtimes = (): Runtime[] =>
  Object.values(ids).map((id) => ({
    folder: join(root, 'runtimes', id),
    manifest: RuntimeManifest.parse({
      id,
      name: id,
      colour: 'black',
      toolchain: {
        name: 'none',
        minimum: '1',
        places: [{ kind: 'harness' }],
        versionArguments: [],
        versionPattern: '(1)',
        remedy: 'none',
      },
      models: [{ id: 'one', title: 'one', command: ['/core'], processes: 'one' }],
    }),
  }));

function invocation(): Invocation {
  const colours = createColors(false);
  return {
    terminal: {
      out: () => {},
      err: (text) => {
        printed += text;
      },
      interactive: false,
      columns: 100,
      outColours: colours,
      errColours: colours,
    },
    environment: process.env,
    root,
    workingFolder: root,
    home: homedir(),
    signal: new AbortController().signal,
    json: false,
  };
}

const bring = () => bringImages(invocation(), connection, runtimes(), new Set([ids.good, ids.broken]));

test('one image that cannot be built keeps no other from being built, and is a row with its step', async () => {
  const images = await bring();
  expect([...images.runtimes.keys()].sort()).toEqual([ids.broken, ids.good]);
  expect(images.runtimes.get(ids.good)).toMatchObject({
    built: true,
    image: { id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
  });
  expect(images.runtimes.get(ids.broken)).toMatchObject({
    built: false,
    cause: 'build-failed',
    reason: expect.stringMatching(/\[2\/2\] COPY nothing-of-the-kind \/.*\n.*nothing-of-the-kind/s),
  });
  expect(images.native.reference).toMatch(/^photofinish\/native:[0-9a-f]{16}$/);
});

test('an image that is there is not built again, and nothing is printed of it', async () => {
  const first = await bring();
  printed = '';
  const second = await bring();
  expect(second.native).toEqual(first.native);
  expect(second.runtimes.get(ids.good)).toEqual(first.runtimes.get(ids.good));
  expect(printed).not.toContain(ids.good);
  expect(printed).toContain(ids.broken);
});

test('without the image of the native core nothing can be started: its failure is an error', async () => {
  await lay('docker/native.Dockerfile', 'FROM scratch\nCOPY nothing-of-the-kind /\n');
  await expect(bring()).rejects.toMatchObject({ code: 'E_IMAGE_BUILD', kind: 'environment' });
});

test('looking builds nothing: an image that is not there is missing', async () => {
  const found = await findImages(connection.client, root, runtimes());
  expect([...found.values()].map((outcome) => outcome.built || outcome.cause)).toEqual(
    Object.values(ids).map(() => 'image-missing'),
  );
});
