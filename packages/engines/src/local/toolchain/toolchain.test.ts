import { copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RuntimeManifest } from '@photofinish/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findToolchain, toolchainEnvironment } from './toolchain.ts';
import { compareVersions } from './version.ts';

let folder = '';

/** A program whose version is in the name of its folder: a second name of this very Node. */
function install(version: string, program = 'tool'): string {
  const bin = join(folder, `tool-${version}`, 'bin');
  mkdirSync(bin, { recursive: true });
  const path = join(bin, program);
  try {
    linkSync(process.execPath, path);
  } catch {
    copyFileSync(process.execPath, path);
  }
  return path;
}

beforeAll(() => {
  mkdirSync(join(import.meta.dirname, '../../../.test'), { recursive: true });
  folder = mkdtempSync(join(import.meta.dirname, '../../../.test/toolchains-'));
  for (const version of ['1.9.0', '1.10.2', '0.8.0']) install(version);
  mkdirSync(join(folder, 'shims'));
  writeFileSync(join(folder, 'shims', 'tool'), '#!/bin/sh\necho tool-99.0.0\n', { mode: 0o755 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const manifest = (toolchain: Record<string, unknown>) =>
  RuntimeManifest.parse({
    id: 'tool',
    name: 'Tool',
    colour: 'blue',
    models: [{ id: 'model', title: 'a model', command: ['{toolchain}'], processes: 'one' }],
    toolchain: {
      name: 'Tool',
      minimum: '1.0',
      versionArguments: ['-p', 'process.execPath'],
      versionPattern: 'tool-(\\d+\\.\\d+\\.\\d+)',
      remedy: 'install-tool',
      ...toolchain,
    },
  });

const context = (environment: Record<string, string> = {}) => ({
  environment: { PATH: '/usr/bin:/bin', ...environment },
  home: folder,
  node: process.execPath,
});

describe('findToolchain', () => {
  test('takes the newest suitable version of all places, by number and not by letter', async () => {
    const search = await findToolchain(
      manifest({ places: [{ kind: 'folders', patterns: ['~/tool-*/bin/tool'] }] }),
      context(),
    );
    expect(search.found).toMatchObject({ version: '1.10.2', origin: 'usual folders' });
    expect(search.report.alternatives).toEqual(['1.9.0', '0.8.0']);
  });

  test('finds it through a variable and through PATH, each file once', async () => {
    const places = [
      { kind: 'variable', name: 'TOOL_HOME', path: 'bin/tool' },
      { kind: 'search-path', names: ['tool'] },
    ];
    const home = join(folder, 'tool-1.9.0');
    const search = await findToolchain(
      manifest({ places }),
      context({ TOOL_HOME: home, PATH: `${join(home, 'bin')}:/usr/bin:/bin` }),
    );
    expect(search.found).toMatchObject({ version: '1.9.0', origin: 'TOOL_HOME' });
    expect(search.report.alternatives).toEqual([]);
  });

  test('does not take a script that a version manager put on PATH for the program', async () => {
    const search = await findToolchain(
      manifest({ places: [{ kind: 'search-path', names: ['tool'] }] }),
      context({ PATH: join(folder, 'shims') }),
    );
    expect(search.absence).toMatchObject({ cause: 'toolchain-missing', remedy: 'install-tool' });
  });

  test('says which version it found when all are too old', async () => {
    const search = await findToolchain(
      manifest({ minimum: '2', places: [{ kind: 'folders', patterns: ['~/tool-*/bin/tool'] }] }),
      context(),
    );
    expect(search.absence).toEqual({
      cause: 'toolchain-too-old',
      reason: 'Tool 1.10.2 is the newest found, 2 or newer is needed',
      remedy: 'install-tool',
    });
  });

  test('passes over one that lacks a file beside it', async () => {
    writeFileSync(join(folder, 'tool-1.9.0', 'bin', 'toolc'), '');
    const search = await findToolchain(
      manifest({ siblings: ['toolc'], places: [{ kind: 'folders', patterns: ['~/tool-*/bin/tool'] }] }),
      context(),
    );
    expect(search.found?.version).toBe('1.9.0');
  });

  test('is absent without a command that its build needs, with the remedy of that command', async () => {
    const needs = [{ command: 'no-such-builder', remedy: 'install-builder' }];
    const search = await findToolchain(
      manifest({ needs, places: [{ kind: 'folders', patterns: ['~/tool-*/bin/tool'] }] }),
      context(),
    );
    expect(search.absence).toMatchObject({ cause: 'toolchain-missing', remedy: 'install-builder' });
    expect(search.report.version).toBe('1.10.2');
  });
});

test('a runtime is built and started with its toolchain first on PATH', async () => {
  const definition = manifest({
    environment: { TOOL_HOME: '{home}' },
    places: [{ kind: 'folders', patterns: ['~/tool-1.10.2/bin/tool'] }],
  });
  const { found } = await findToolchain(definition, context());
  if (found === null) return expect.unreachable();
  const home = join(folder, 'tool-1.10.2');
  expect(toolchainEnvironment(definition, found, context())).toMatchObject({
    PATH: `${home}/bin:/usr/bin:/bin`,
    TOOL_HOME: home,
  });
});

test.each([
  ['1.10', '1.9', 1],
  ['1.2', '1.2.0', 0],
  ['3.13.0', '3.13.1', -1],
])('version %s against %s', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
});
