import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type ServerHandle, seconds } from '@photofinish/schema';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { descendants } from '../procfs/tree.ts';
import { cgroupProbe } from './probe.ts';

const image = 'debian:trixie-slim';

const docker = async (...words: string[]) =>
  (await promisify(execFile)('docker', words, { timeout: 60_000 })).stdout.trim();

/** Why no container can be started here; null where one can. */
let lack: string | null = null;
beforeAll(async () => {
  try {
    await docker('image', 'inspect', image);
  } catch (error) {
    lack = `no Docker engine with the image ${image}: ${String(error).split('\n').at(0)}`;
  }
});

beforeEach((context) => {
  if (lack !== null) context.skip(lack);
});

const started: string[] = [];
afterEach(async () => {
  for (const id of started.splice(0)) await docker('rm', '--force', id);
});

/** A container that runs a shell program under an init, with the further options. */
async function container(program: string, ...options: string[]): Promise<ServerHandle> {
  const containerId = await docker(
    ...['run', '--detach', '--init', '--label', 'dev.photofinish.scratch=cgroup-probe', '--memory', '128m'],
    ...['--memory-swap', '128m', ...options, image, 'sh', '-c', program],
  );
  started.push(containerId);
  const pid = Number(await docker('inspect', '--format', '{{.State.Pid}}', containerId));
  // the engine answers when the init runs, which is before the program does
  await expect.poll(() => descendants(pid), { timeout: 10_000 }).not.toEqual([]);
  return { host: '127.0.0.1', port: 1, pid, containerId, cores: [], timeToReady: seconds(0) };
}

const spin = 'while :; do :; done';

async function useOver(milliseconds: number, server: ServerHandle) {
  using reading = await cgroupProbe().start(server);
  await delay(milliseconds);
  return await reading.finish();
}

describe('the cgroup probe on a real container', () => {
  test('reads the time of a core that spins, and nothing throttled without a quota', async () => {
    const use = await useOver(1500, await container(spin));
    const cpu = use.cpuUserSeconds + use.cpuSystemSeconds;
    expect(use.source).toMatch(/^cgroup-v[12]$/);
    expect(cpu).toBeGreaterThan(0.2);
    expect(cpu).toBeLessThan(use.intervalSeconds * 1.05);
    expect(use.processes).toBe(1);
    expect(use.group).toMatchObject({
      throttledPeriods: 0,
      throttledSeconds: 0,
      outOfMemoryKills: 0,
      receivedBytes: expect.any(Number),
    });
  });

  test('counts the children that ended between the edges', async () => {
    const busy = 'while :; do sh -c "i=0; while [ \\$i -lt 20000 ]; do i=\\$((i+1)); done"; done';
    const use = await useOver(1500, await container(busy));
    expect(use.cpuUserSeconds + use.cpuSystemSeconds).toBeGreaterThan(0.2);
  });

  test('sees that a quota throttles', async () => {
    const { group } = await useOver(1500, await container(spin, '--cpus', '0.2'));
    expect(group?.throttledPeriods).toBeGreaterThan(2);
    expect(group?.throttledSeconds).toBeGreaterThan(0.1);
  });

  test('sees the kill of a child while the container lives on', async () => {
    const hog = 'sleep 0.8; sh -c "x=a; while :; do x=\\$x\\$x; done"; sleep 60';
    const { group } = await useOver(4000, await container(hog));
    expect(group?.outOfMemoryKills).toBeGreaterThan(0);
  });

  test('counts no network bytes on the network of the host', async () => {
    const { group } = await useOver(200, await container('sleep 60', '--network', 'host'));
    expect(group).toMatchObject({ receivedBytes: null, sentBytes: null });
  });

  test('says that the container went away rather than that it used nothing', async () => {
    const server = await container('sleep 60');
    using reading = await cgroupProbe().start(server);
    await docker('rm', '--force', started.pop() ?? '');
    await expect(reading.finish()).rejects.toMatchObject({ code: 'E_PROBE' });
  });
});
