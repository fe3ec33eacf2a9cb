import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EnvironmentError, InterruptedError } from '@photofinish/schema';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectDocker, type DockerConnection } from '../connection/connection.ts';
import { type BuildOptions, buildImage } from './build.ts';
import { ImageBuildError } from './build-error.ts';
import { imageId, nameImage } from './content.ts';
import type { ImageRecipe } from './recipe.ts';
import { builderHere, inheritedEnvironment } from './specimens.ts';

const lack = process.platform === 'linux' ? builderHere() : 'only Linux shows what a builder leaves running';

let folder: string;
let recipe: ImageRecipe;
let began: string[];
let word: string;
let options: BuildOptions;
beforeEach(async (context) => {
  if (lack !== null) context.skip(lack);
  folder = await mkdtemp(join(tmpdir(), 'photofinish-build-'));
  // A word of its own keeps the builder from answering out of its cache, and names the processes of this test.
  word = randomBytes(8).toString('hex');
  recipe = {
    id: `specimen-${word}`,
    kind: 'runtime',
    title: 'a specimen',
    context: folder,
    dockerfile: join(folder, 'Dockerfile'),
  };
  began = [];
  options = {
    environment: inheritedEnvironment(),
    signal: new AbortController().signal,
    onProgress: (line) => began.push(line),
    source: 'https://example.org/photofinish',
    totalSeconds: 60,
    quietSeconds: 30,
  };
});
afterEach(async () => {
  if (lack === null) await rm(folder, { recursive: true, force: true });
});

/** Writes the Dockerfile; `WORD` in it stands for the word of this test. */
async function lay(...lines: string[]): Promise<void> {
  await writeFile(recipe.dockerfile, `${lines.join('\n').replaceAll('WORD', word)}\n`);
}

/** Command lines of the steps of this test that are under way; the engine's processes are seen from its host. */
async function steps(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')));
  return lines.filter((line) => line.startsWith('bash') && line.includes(word));
}

/** Command lines of the builders of this test. */
async function builders(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')));
  return lines.filter((line) => line.includes(word) && line.includes('buildx'));
}

/** Waits until something is as wanted, at most 15 s, and returns it as it then is. */
async function settled<T>(read: () => Promise<T>, isWanted: (value: T) => boolean): Promise<T> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const value = await read();
    if (isWanted(value) || performance.now() > deadline) return value;
    await wait(50);
  }
}

const isEmpty = (list: readonly string[]) => list.length === 0;
const hasOne = (list: readonly string[]) => list.length > 0;

describe('building an image', () => {
  const buildHere = async <T>(act: (connection: DockerConnection) => Promise<T>): Promise<T> => {
    const connection = await connectDocker({ environment: inheritedEnvironment(), home: tmpdir() });
    try {
      return await act(connection);
    } finally {
      await connection.close();
    }
  };

  /** What a build ends with that is expected to fail. */
  const failureOf = async () =>
    await buildHere(
      async ({ client }) =>
        await buildImage(client, recipe, options).then(
          () => null,
          (error: unknown) => error,
        ),
    );

  /** After a build that did not succeed. */
  const expectNothingLeft = async () => {
    expect(await builders()).toEqual([]);
    expect(await settled(steps, isEmpty)).toEqual([]);
    await buildHere(async ({ client }) => {
      expect(await imageId(client, (await nameImage(client, recipe)).reference)).toBeNull();
    });
  };

  test('makes it under the name of its content, with labels; a second one of the same content builds nothing', async () => {
    await writeFile(join(folder, 'server'), word);
    await lay('FROM scratch', 'COPY server /');
    await buildHere(async ({ client }) => {
      const name = await nameImage(client, recipe);
      const first = await buildImage(client, recipe, options);
      try {
        expect(first).toMatchObject({ built: true, reference: name.reference });
        expect(began).toEqual(['[1/1] COPY server /']);
        const { Config, Id } = await client.getImage(name.reference).inspect();
        expect(Id).toBe(first.id);
        expect(Config.Labels).toMatchObject({
          'dev.photofinish.kind': 'image',
          'dev.photofinish.content': name.content,
          'org.opencontainers.image.source': 'https://example.org/photofinish',
        });
        began = [];
        const environment = { PATH: '/nonexistent' };
        expect(await buildImage(client, recipe, { ...options, environment })).toEqual({ ...first, built: false });
        expect(began).toEqual([]);
        await writeFile(join(folder, 'server'), `${word} changed`);
        expect((await nameImage(client, recipe)).reference).not.toBe(name.reference);
      } finally {
        await client.getImage(name.reference).remove();
      }
    });
  });

  test('throws away what it made when a file changed meanwhile: its name would lie', async () => {
    await writeFile(join(folder, 'server'), word);
    await lay('FROM debian:trixie-slim', 'RUN exec bash -c "sleep 1; : WORD"', 'COPY server /');
    const failure = failureOf();
    expect(await settled(steps, hasOne)).not.toEqual([]);
    await writeFile(join(folder, 'server'), `${word} changed`);
    expect(await failure).toMatchObject({ code: 'E_IMAGE_BUILD', what: expect.stringContaining('thrown away') });
    await writeFile(join(folder, 'server'), word);
    await expectNothingLeft();
  });

  test('names the step that failed, with its last lines', async () => {
    await lay('FROM debian:trixie-slim AS tools', 'RUN echo WORD', 'RUN echo the thing is broken >&2 && exit 7');
    const error = await failureOf();
    expect(error).toBeInstanceOf(ImageBuildError);
    expect(error).toMatchObject({
      code: 'E_IMAGE_BUILD',
      failure: 'build-failed',
      step: '[3/3] RUN echo the thing is broken >&2 && exit 7',
      where: recipe.dockerfile,
    });
    expect((error as ImageBuildError).lastLines.join('\n')).toMatch(/^the thing is broken\n.*exit code: 7$/);
    await expectNothingLeft();
  });

  test('ends a step that prints nothing, and nothing of it lives on', async () => {
    await lay('FROM debian:trixie-slim', 'RUN echo about to wait; exec bash -c "sleep 600; : WORD"');
    const failure = buildHere(
      async ({ client }) =>
        await buildImage(client, recipe, { ...options, quietSeconds: 3 }).then(
          () => null,
          (error: unknown) => error,
        ),
    );
    expect(await settled(steps, hasOne)).not.toEqual([]);
    expect(await failure).toMatchObject({
      code: 'E_IMAGE_BUILD_TIMEOUT',
      failure: 'build-timeout',
      what: expect.stringContaining('printed nothing for 3 s'),
      lastLines: ['about to wait'],
    });
    await expectNothingLeft();
  });

  test('ends a step that prints for ever, and nothing of it lives on', async () => {
    await lay('FROM debian:trixie-slim', 'RUN exec bash -c "while sleep 0.2; do echo talking; done; : WORD"');
    const failure = buildHere(
      async ({ client }) =>
        await buildImage(client, recipe, { ...options, totalSeconds: 4, quietSeconds: 3 }).then(
          () => null,
          (error: unknown) => error,
        ),
    );
    expect(await settled(steps, hasOne)).not.toEqual([]);
    expect(await failure).toMatchObject({
      failure: 'build-timeout',
      what: expect.stringContaining('was not built within 4 s'),
      step: expect.stringContaining('RUN exec bash'),
    });
    await expectNothingLeft();
  });

  test('that is interrupted throws the reason, and nothing of it lives on', async () => {
    await lay('FROM debian:trixie-slim', 'RUN exec bash -c "sleep 600; : WORD"');
    const controller = new AbortController();
    const failure = buildHere(
      async ({ client }) =>
        await buildImage(client, recipe, { ...options, signal: controller.signal }).then(
          () => null,
          (error: unknown) => error,
        ),
    );
    expect(await settled(steps, hasOne)).not.toEqual([]);
    const reason = new InterruptedError('SIGINT', { what: 'Interrupted.', remedy: 'Begin again.' });
    controller.abort(reason);
    expect(await failure).toBe(reason);
    await expectNothingLeft();
  });

  test('dies with the harness, and nothing of it lives on', async () => {
    await lay('FROM debian:trixie-slim', 'RUN exec bash -c "sleep 600; : WORD"');
    const harness = spawn(process.execPath, [
      join(import.meta.dirname, 'fixtures', 'builder.ts'),
      JSON.stringify(recipe),
    ]);
    expect(await settled(steps, hasOne)).not.toEqual([]);
    harness.kill('SIGKILL');
    expect(await settled(builders, isEmpty)).toEqual([]);
    await expectNothingLeft();
  });

  test.each([
    ['E_DOCKER_CLI', 'the command docker', async () => ({ PATH: '/nonexistent' })],
    [
      'E_BUILDX',
      'its builder',
      async () => {
        const script = join(folder, 'docker');
        await writeFile(script, '#!/bin/sh\necho "docker: \'$1\' is not a docker command." >&2\nexit 1\n', {
          mode: 0o755,
        });
        return { PATH: `${folder}:/usr/bin:/bin` };
      },
    ],
  ])('says with %s that %s is missing, and how to get it', async (code, _what, without) => {
    await lay('FROM scratch', 'COPY Dockerfile /');
    const environment = await without();
    options = { ...options, environment };
    const error = await failureOf();
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error).toMatchObject({ code, remedy: expect.stringContaining('docker-buildx') });
  });
});
