import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Dockerode from 'dockerode';
import { describe, expect, test } from 'vitest';
import { accountOf, describeEngineAt } from './description.ts';

interface Captured {
  readonly version: object;
  readonly info: object;
}

/** An engine that answers what a real one answered. */
async function captured(name: string, over: Partial<Captured> = {}): Promise<Dockerode> {
  const text = await readFile(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8');
  const { version, info } = { ...(JSON.parse(text) as Captured), ...over };
  return { version: async () => version, info: async () => info } as unknown as Dockerode;
}

describe('what an engine says of itself', () => {
  test.each([
    ['docker-20.10.24', 'Docker', '20.10.24', '1'],
    ['podman-4.3.1', 'Podman', '4.3.1', '1'],
  ])('is read from %s', async (file, name, version, cgroupVersion) => {
    const engine = await describeEngineAt(await captured(file));
    expect(engine).toMatchObject({ name, version, apiVersion: '1.41', cgroupVersion, rootless: false, cpuset: true });
    expect(accountOf(engine, 0.001)).toEqual({
      id: 'docker',
      version: `${name} ${version}`,
      rootless: false,
      cgroupDriver: 'cgroupfs',
      securityOptions: ['name=seccomp,profile=default'],
      roundTripSeconds: 0.001,
    });
  });

  test('leaves unknown what an engine does not tell', async () => {
    const engine = await describeEngineAt(await captured('docker-20.10.24', { info: {} }));
    expect(engine).toMatchObject({
      cgroupVersion: 'unknown',
      cgroupDriver: 'unknown',
      kernel: 'unknown',
      cpuset: false,
    });
  });

  test('tells an engine without root by its security options', async () => {
    const info = { SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless'] };
    const engine = await describeEngineAt(await captured('docker-20.10.24', { info }));
    expect(engine).toMatchObject({ rootless: true, cpuset: false });
  });
});
