import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LeaseError } from '@photofinish/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { leaseCores } from '../../local/lease.ts';
import { ownLabel } from '../../local/leftovers.ts';
import { testAuthority } from '../../test-kit/certificates.ts';
import { dockerLack, hereOptions, type ScratchImage, scratchNativeImage } from '../../test-kit/scratch-image.ts';
import { secondDaemonLack, startSecondDaemon } from '../../test-kit/second-daemon.ts';
import { connectDocker, type DockerConnection } from '../connection/connection.ts';
import { labels } from '../labels.ts';
import { heldLeases } from './holders.ts';
import { takeLease } from './lease.ts';

const lack = await dockerLack();
let connection: DockerConnection;
let image: ScratchImage;

beforeAll(async () => {
  if (lack !== null) return;
  connection = await connectDocker(hereOptions);
  image = await scratchNativeImage(connection);
});

afterAll(async () => {
  await image?.[Symbol.asyncDispose]();
  await connection?.close();
});

beforeEach((context) => {
  if (lack !== null) context.skip(lack);
});

const runIdOf = (number: number) => `20260131T120000Z-${number.toString(16).padStart(6, '0')}`;
const holder = (number: number) => ({ runId: runIdOf(number), since: '2026-01-31T12:00:00Z', version: '0' });
const take = (cores: readonly number[], number: number, over: Partial<DockerConnection> = {}) =>
  takeLease({ connection: { ...connection, ...over }, cores, holder: holder(number), image: image.id });

/** Waits until a condition holds; the deadline is generous, since nothing here is about speed. */
async function becomes(condition: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await condition()) return true;
    await delay(50);
  }
  return false;
}

const isHeld = async (core: number) => (await heldLeases(connection.client)).some(({ cores }) => cores.includes(core));

describe('a lease on the cores of a container engine', () => {
  test('is held until it is let go, and its container is gone afterwards', async () => {
    const lease = await take([7001, 7000], 1);
    const [held] = (await heldLeases(connection.client)).filter(({ cores }) => cores.includes(7000));
    expect(held).toMatchObject({ cores: [7000, 7001], holder: holder(1) });
    const { HostConfig } = await connection.client.getContainer(held?.containerId ?? '').inspect();
    expect(HostConfig).toMatchObject({ NetworkMode: 'none', ReadonlyRootfs: true, CapDrop: ['ALL'], PidsLimit: 16 });
    await lease[Symbol.asyncDispose]();
    await expect(connection.client.getContainer(held?.containerId ?? '').inspect()).rejects.toMatchObject({
      statusCode: 404,
    });
    await using again = await take([7000], 2);
    expect(again.cores).toEqual([7000]);
  });

  test('goes to exactly one of twenty that come at once for sets that overlap', async () => {
    // Another machine's engine: only the engine itself can tell them apart, not the sockets of this one.
    const racers = Array.from({ length: 20 }, (_, index) => take([7100, 7101 + index], index, { local: false }));
    const ends = await Promise.allSettled(racers);
    const won = ends.filter((end) => end.status === 'fulfilled');
    expect(won).toHaveLength(1);
    const winner = ends.findIndex((end) => end.status === 'fulfilled');
    for (const end of ends) {
      if (end.status !== 'rejected') continue;
      expect(end.reason).toBeInstanceOf(LeaseError);
      expect(end.reason).toMatchObject({ code: 'E_CORES_TAKEN', what: expect.stringContaining(runIdOf(winner)) });
    }
    await Promise.all(won.map((end) => end.value[Symbol.asyncDispose]()));
  }, 60_000);

  test('does not keep others from disjoint cores', async () => {
    await using first = await take([7200], 1);
    await using second = await take([7201], 2);
    expect([first.cores, second.cores]).toEqual([[7200], [7201]]);
  });

  test('excludes runs of the local engine on this machine, both ways', async () => {
    await using local = await leaseCores([7300], holder(1));
    await expect(take([7300, 7301], 2)).rejects.toMatchObject({ what: expect.stringContaining(runIdOf(1)) });
    await using docker = await take([7302], 3);
    await expect(leaseCores([7302], holder(4))).rejects.toMatchObject({ what: expect.stringContaining(runIdOf(3)) });
    expect([local.cores, docker.cores]).toEqual([[7300], [7302]]);
  });

  test('ends when its holder is killed', async () => {
    const script = join(import.meta.dirname, '../fixtures/lease-holder.ts');
    const harness = spawn(process.execPath, [script, image.id, runIdOf(5), '7400'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(harness.stdout, 'data');
    expect(await isHeld(7400)).toBe(true);
    harness.kill('SIGKILL');
    expect(await becomes(async () => !(await isHeld(7400)))).toBe(true);
    await using next = await take([7400], 6);
    expect(next.cores).toEqual([7400]);
  });

  test('says that it is lost when somebody removes its container', async () => {
    await using lease = await take([7500], 7);
    const state = { isLost: false };
    void lease.lost.then(() => {
      state.isLost = true;
    });
    const [held] = (await heldLeases(connection.client)).filter(({ cores }) => cores.includes(7500));
    await connection.client.getContainer(held?.containerId ?? '').remove({ force: true });
    expect(await becomes(async () => state.isLost)).toBe(true);
  });

  test('is not called lost when it is let go', async () => {
    const lease = await take([7600], 8);
    const state = { isLost: false };
    void lease.lost.then(() => {
      state.isLost = true;
    });
    await lease[Symbol.asyncDispose]();
    await delay(100);
    expect(state.isLost).toBe(false);
  });

  test('passes the gate that a dead harness left standing', async () => {
    const gate = await connection.client.createContainer({
      name: 'photofinish-lease-gate',
      Image: image.id,
      Cmd: ['/usr/local/bin/photofinish-native', 'version'],
      Labels: {
        [labels.run]: runIdOf(20),
        [labels.kind]: 'lease',
        [labels.owner]: (await ownLabel()).replace(/^\d+:\d+/, '4194305:1'),
        'dev.photofinish.gate': 'true',
      },
    });
    await using lease = await take([7660], 21);
    expect(lease.cores).toEqual([7660]);
    await expect(gate.inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  test('outlives several heartbeats, each of which is answered', async () => {
    await using lease = await takeLease({
      connection,
      cores: [7650],
      holder: holder(10),
      image: image.id,
      silence: 0.6,
    });
    const state = { isLost: false };
    void lease.lost.then(() => {
      state.isLost = true;
    });
    await delay(2500);
    expect(state.isLost).toBe(false);
    expect(await isHeld(7650)).toBe(true);
  });

  test('names an image that is not there', async () => {
    const missing = `sha256:${'0'.repeat(64)}`;
    await expect(takeLease({ connection, cores: [7700], holder: holder(9), image: missing })).rejects.toMatchObject({
      code: 'E_IMAGE_MISSING',
    });
  });
});

describe('a lease on another machine', async () => {
  const secondLack = lack ?? (await secondDaemonLack());

  test('is over on both sides when the way between them is cut, and free for the next', async (context) => {
    if (secondLack !== null) return context.skip(secondLack);
    const folder = await mkdtemp(join(tmpdir(), 'pf-lease-'));
    context.onTestFinished(() => rm(folder, { recursive: true }));
    const authority = await testAuthority(folder);
    const certificates = await authority.issue('client', { use: 'client' });
    await using daemon = await startSecondDaemon({
      certificates: (address) => authority.issue('server', { use: 'server', names: [address] }),
    });
    await daemon.loadImage(image.id, connection);
    const remote = await connectDocker(daemon.byTls(certificates));
    const there = await connectDocker(daemon.bySocket);
    const lease = await takeLease({
      connection: remote,
      cores: [7950],
      holder: holder(11),
      image: image.id,
      silence: 1.5,
    });
    expect(await heldLeases(there.client)).toHaveLength(1);
    await daemon.cutLink();
    await lease.lost;
    expect(await becomes(async () => (await heldLeases(there.client)).length === 0)).toBe(true);
    await using next = await takeLease({ connection: there, cores: [7950], holder: holder(12), image: image.id });
    expect(next.cores).toEqual([7950]);
    await remote.close();
    await there.close();
  }, 60_000);
});
