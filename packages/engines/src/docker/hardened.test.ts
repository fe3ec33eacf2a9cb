import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningServer } from '../engine.ts';
import { containerBench } from './fixtures/bench.ts';
import { testSpec } from './fixtures/test-image.ts';
import { profileKeys } from './profile.ts';
import { readEngineStats } from './stats.ts';

const { client, runId, isAvailable, imageId, spec, start, ask, container, expectNothingLeft } = await containerBench();

describe('the hardened profile', () => {
  let server: RunningServer;

  beforeAll(async () => {
    if (isAvailable) server = await start(spec('good'));
  });
  afterAll(async () => {
    await server?.stop();
    await expectNothingLeft();
  });

  test.each(asked().map(({ key, asked: value }) => [key, value] as const))('has %s = %j', async (key, value) => {
    const inspected = (await container(server).inspect()) as unknown as Record<string, Record<string, unknown>>;
    const [section = '', field = ''] = key.split('.');
    const given = inspected[section]?.[field];
    if (isNothing(value)) expect(isNothing(given)).toBe(true);
    else if (key === 'Config.Env') expect(given).toEqual(expect.arrayContaining(value as string[]));
    else if (key === 'Config.Labels') expect(given).toMatchObject({ 'dev.photofinish.kind': 'server' });
    else if (key === 'Config.Image') expect(given).toBe(imageId());
    else if (key === 'HostConfig.NetworkMode') expect(given).toMatch(/^photofinish-/);
    else expect(given).toEqual(value);
  });

  test('holds in the kernel: nobody, no capabilities, no new privileges, a system call filter', async () => {
    const status = await ask(server, '/status');
    const field = (name: string) => new RegExp(`^${name}:\\s+(.+)$`, 'm').exec(status)?.[1];
    expect(field('Uid')).toBe('65532\t65532\t65532\t65532');
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(field(set)).toBe('0000000000000000');
    expect({ privileges: field('NoNewPrivs'), seccomp: field('Seccomp') }).toEqual({ privileges: '1', seccomp: '2' });
  });

  test('lets a server write to its temporary folder and nowhere else', async () => {
    expect(await ask(server, '/write-temporary')).toBe('done');
    expect(await ask(server, '/write-root')).toBe('EROFS');
  });

  test('gives it a network of its own that leads nowhere else', async () => {
    const { NetworkSettings } = await container(server).inspect();
    const [name = ''] = Object.keys(NetworkSettings.Networks);
    const network = await client.getNetwork(name).inspect();
    expect(network).toMatchObject({
      Internal: true,
      Labels: { 'dev.photofinish.run': runId, 'dev.photofinish.kind': 'network' },
    });
    expect(Object.keys(network.Containers ?? {})).toEqual([server.containerId]);
    await using other = await start(spec('good'));
    expect(await ask(server, `/reach/${server.host}`)).toBe('reached');
    expect(await ask(server, `/reach/${other.host}`)).toMatch(/^(no answer|ENETUNREACH|EHOSTUNREACH)$/);
  });

  test('is counted by the engine', async () => {
    const before = await readEngineStats(client, server.containerId ?? '');
    await ask(server, '/health');
    const after = await readEngineStats(client, server.containerId ?? '');
    expect(after.cpuUserSeconds + after.cpuSystemSeconds).toBeGreaterThan(
      before.cpuUserSeconds + before.cpuSystemSeconds,
    );
    expect(Number(after.receivedBytes)).toBeGreaterThan(Number(before.receivedBytes));
    expect(after.memoryBytes).toBeGreaterThan(2 ** 20);
    await expect(readEngineStats(client, 'not-there')).rejects.toMatchObject({ kind: 'environment' });
  });
});

/** The profile's keys; image, labels and network name are judged by what they are here. */
function asked() {
  const { launch, environment, cores } = testSpec('', 'good');
  if (launch.kind !== 'container') throw new TypeError('a container was asked for');
  return profileKeys({
    engine: 'Docker',
    image: 'image',
    command: launch.command,
    environment,
    cores,
    limits: launch.limits,
    network: 'network',
    published: null,
    labels: { 'dev.photofinish.kind': 'server' },
  });
}

function isNothing(value: unknown): boolean {
  return !value || (typeof value === 'object' && Object.keys(value).length === 0);
}
