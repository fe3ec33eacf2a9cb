import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRuntimes } from '../../local/runtime.ts';
import { expandTemplate, templateValues } from '../../local/toolchain/toolchain.ts';
import { baseImages } from './bases.ts';
import { imageRecipes } from './recipe.ts';

const project = join(import.meta.dirname, '../../../../..');
const read = (path: string) => readFileSync(join(project, path), 'utf8');
const manifest: { version: string; packageManager: string } = JSON.parse(read('package.json'));
const runtimes = await readRuntimes(join(project, 'runtimes'));
const recipes = await imageRecipes(project, runtimes);
const dockerfiles = recipes.map(({ id, kind, dockerfile }) => ({
  id,
  kind,
  text: readFileSync(dockerfile, 'utf8'),
  ignored: readFileSync(`${dockerfile}.dockerignore`, 'utf8'),
}));

/** The text of a stage with the comment above it, up to the empty line that ends it. */
function stage(text: string, name: string): string | undefined {
  return new RegExp(`(?:^#.*\\n)*^FROM \\S+ AS ${name}\\n(?:.+\\n)*`, 'm').exec(text)?.[0];
}

test('every runtime, the native core and the harness have an image', () => {
  expect(recipes.map(({ id }) => id)).toEqual([...runtimes.map((runtime) => runtime.manifest.id), 'native', 'harness']);
});

test('the stage native is the same text in every Dockerfile, so that it is built once', () => {
  const texts = dockerfiles.map(({ text }) => stage(text, 'native'));
  expect(texts[0]).toContain('cargo');
  expect(new Set(texts).size).toBe(1);
});

test('the stage data is the same text in the Dockerfile of every runtime', () => {
  const texts = dockerfiles.filter(({ kind }) => kind === 'runtime').map(({ text }) => stage(text, 'data'));
  expect(texts[0]).toContain('payload');
  expect(new Set(texts).size).toBe(1);
});

describe.each(dockerfiles)('the Dockerfile of $id', ({ text, ignored }) => {
  test('lets every base image be pinned by a digest argument', () => {
    for (const base of baseImages(text)) {
      const [, argument] = new RegExp(`FROM ${base}\\$\\{(\\w+):\\+@`).exec(text) ?? [];
      expect(argument, base).toBeDefined();
      expect(text).toMatch(new RegExp(`^ARG ${argument}$`, 'm'));
    }
  });

  test('says the version of the product and the pnpm of its package.json', () => {
    expect(text).toContain(`org.opencontainers.image.version="${manifest.version}"`);
    for (const [found] of text.matchAll(/pnpm@[\d.]+/g)) expect(found).toBe(manifest.packageManager);
  });

  test('lists what goes into the image, not what stays out', () => {
    expect(ignored.split('\n').find((line) => line !== '' && !line.startsWith('#'))).toBe('*');
  });
});

test.each(dockerfiles.filter(({ kind }) => kind !== 'harness'))(
  'the image of $id starts nothing by itself, and nothing as root',
  ({ text }) => {
    expect(text.trimEnd().split('\n').slice(-2)).toEqual(['USER 65532:65532', 'ENTRYPOINT []']);
    expect(text).not.toMatch(/^(CMD|ENTRYPOINT) [^[]/m);
  },
);

test('the bake file builds every image', () => {
  const bake = read('docker/docker-bake.hcl');
  for (const { id, dockerfile } of recipes) {
    expect(bake).toContain(`tags       = ["photofinish/${id}:latest"]`);
    expect(bake).toContain(`"${relative(project, dockerfile)}"`);
  }
});

interface ComposeService {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly profiles: readonly string[];
  readonly user: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly ports: readonly { host_ip: string; target: number }[];
}

test('the compose file starts every target as its manifest says, hardened, and reachable from this machine only', (context) => {
  const services = composeServices();
  if (services === null) return context.skip('docker has no compose here');
  const targets = runtimes.flatMap((runtime) => runtime.manifest.models.map((model) => ({ runtime, model })));
  expect(Object.keys(services).sort()).toEqual(
    targets.map(({ runtime, model }) => `${runtime.manifest.id}-${model.id}`).sort(),
  );
  for (const { runtime, model } of targets) {
    const name = `${runtime.manifest.id}-${model.id}`;
    const executable = runtime.manifest.image?.toolchain ?? '';
    const values = {
      ...templateValues({ executable }),
      CORES: '1',
      THREADS: '64',
      CPU_POOL: '1',
    };
    const expanded = Object.entries({ ...runtime.manifest.toolchain.environment, ...model.environment }).map(
      ([key, value]) => [key, expandTemplate(value, values)],
    );
    expect(services[name], name).toMatchObject({
      command: model.command.map((part) => expandTemplate(part, values)),
      environment: { ...Object.fromEntries(expanded), MODEL: model.id, CORES: '1', DATA_DIR: '/data' },
      profiles: [name],
      user: '65532:65532',
      read_only: true,
      cap_drop: ['ALL'],
      ports: [{ host_ip: '127.0.0.1', target: 8080 }],
    });
  }
});

/** The services of the compose file as compose itself reads them; null where there is no compose. */
function composeServices(): Record<string, ComposeService> | null {
  const docker = (...args: string[]) =>
    execFileSync('docker', ['compose', ...args], {
      stdio: 'pipe',
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
    });
  try {
    docker('version');
  } catch {
    return null;
  }
  const file = join(project, 'docker', 'compose.yaml');
  const config: { services: Record<string, ComposeService> } = JSON.parse(
    docker('--file', file, '--profile', '*', 'config', '--format', 'json').toString(),
  );
  return config.services;
}
