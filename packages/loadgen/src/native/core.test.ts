import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findNativeCore } from './core.ts';

let packageFolder: string;
beforeEach(async () => {
  packageFolder = await mkdtemp(join(tmpdir(), 'photofinish-find-'));
});
afterEach(async () => await rm(packageFolder, { recursive: true }));

async function place(path: string, script: string): Promise<string> {
  const file = join(packageFolder, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

const tells = (version: string) => `[ "$1" = version ] && echo '{"version":"${version}"}'`;
const builtPath = 'native/target/release/photofinish-native';
const packagePath = `node_modules/@photofinish/loadgen-${process.platform}-${process.arch}`;

async function placePackage(script: string): Promise<string> {
  await place(`${packagePath}/package.json`, '');
  await writeFile(join(packageFolder, packagePath, 'package.json'), '{"version":"2.0.0"}');
  return await place(`${packagePath}/photofinish-native`, script);
}

describe('the native core is found', () => {
  test('in the variable first, then the package of the platform, then where cargo built it', async () => {
    const find = (override: string | undefined) => findNativeCore({ override, packageFolder, built: true });
    const built = await place(builtPath, tells('3.0.0'));
    expect(await find('')).toEqual({ path: built, version: '3.0.0', origin: 'built' });
    const packaged = await placePackage(tells('2.0.0'));
    expect(await find(undefined)).toEqual({ path: packaged, version: '2.0.0', origin: 'package' });
    const variable = await place('own', tells('1.0.0'));
    expect(await find(variable)).toEqual({ path: variable, version: '1.0.0', origin: 'variable' });
  });

  test('nowhere when there is none, or only a built one that may be out of date', async () => {
    expect(await findNativeCore({ override: undefined, packageFolder, built: true })).toBeNull();
    await place(builtPath, tells('3.0.0'));
    expect(await findNativeCore({ override: undefined, packageFolder, built: false })).toBeNull();
  });

  test.for([
    ['is not there', null],
    ['ends with an error', 'exit 1'],
    ['is another program', 'echo photofinish'],
    ['tells no version', `echo '{"version":""}'`],
  ] as const)('wanting, with the three ways to get one, when the one asked for %s', async ([, script]) => {
    const override = script === null ? join(packageFolder, 'absent') : await place('own', script);
    await place(builtPath, tells('3.0.0'));
    await expect(findNativeCore({ override, packageFolder, built: true })).rejects.toMatchObject({
      code: 'E_NATIVE_CORE_MISSING',
      kind: 'environment',
      where: override,
      remedy: expect.stringMatching(/PHOTOFINISH_LOADGEN.*npm package.*cargo build/s),
    });
  });
});
