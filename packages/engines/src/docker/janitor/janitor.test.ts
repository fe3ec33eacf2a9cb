import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testAuthority } from '../../test-kit/certificates.ts';
import { dockerLack, hereOptions, type ScratchImage, scratchNativeImage } from '../../test-kit/scratch-image.ts';
import { secondDaemonLack, startSecondDaemon } from '../../test-kit/second-daemon.ts';
import { connectDocker, type DockerConnection } from '../connection/connection.ts';
import type { ConnectionOptions } from '../connection/endpoint.ts';
import { labels } from '../labels.ts';
import { labelledObjects, removeObjects } from '../leftovers/objects.ts';

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

const objectsOf = (runId: string, { client } = connection) => labelledObjects(client, `${labels.run}=${runId}`);

/** A harness in a group of its own, with the id of its janitor. */
async function startHarness(
  runId: string,
  core: number,
  end = '',
  options: ConnectionOptions = hereOptions,
): Promise<{ child: ChildProcess; janitor: number }> {
  const script = join(import.meta.dirname, '../fixtures/harness.ts');
  const child = spawn(process.execPath, [script, image.id, runId, String(core), end, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const [chunk] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer];
  return { child, janitor: Number(chunk.toString()) };
}

async function becomes(condition: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await condition()) return true;
    await delay(50);
  }
  return false;
}

describe('the janitor', () => {
  test('removes everything of a run whose harness was killed with its whole group, and ends', async () => {
    const runId = '20260131T130000Z-00000a';
    const { child, janitor } = await startHarness(runId, 7800);
    const types = (await objectsOf(runId)).map(({ type, kind }) => `${type} ${kind}`).sort();
    expect(types).toEqual(['container lease', 'container server', 'network network', 'volume server']);
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    expect(await becomes(async () => (await objectsOf(runId)).length === 0)).toBe(true);
    expect(await becomes(async () => !existsSync(`/proc/${janitor}`))).toBe(true);
  });

  test('removes nothing of another run', async () => {
    const [killed, other] = ['20260131T130000Z-00000b', '20260131T130000Z-00000c'];
    const first = await startHarness(killed, 7801);
    const second = await startHarness(other, 7802);
    process.kill(first.child.pid ?? 0, 'SIGKILL');
    expect(await becomes(async () => (await objectsOf(killed)).length === 0)).toBe(true);
    expect(await objectsOf(other)).toHaveLength(4);
    process.kill(second.child.pid ?? 0, 'SIGKILL');
    expect(await becomes(async () => (await objectsOf(other)).length === 0)).toBe(true);
  });

  test('does nothing when it is told that the harness ended well', async () => {
    const runId = '20260131T130000Z-00000d';
    const { child, janitor } = await startHarness(runId, 7803, 'good');
    if (child.exitCode === null) await once(child, 'exit');
    expect(existsSync(`/proc/${janitor}`)).toBe(false);
    const left = await objectsOf(runId);
    expect(left.map(({ type }) => type)).toEqual(['container', 'network', 'volume']);
    await removeObjects(connection.client, left);
  });
});

test('the janitor removes what a killed run left on another machine', async (context) => {
  const secondLack = lack ?? (await secondDaemonLack());
  if (secondLack !== null) return context.skip(secondLack);
  const runId = '20260131T130000Z-00000e';
  const folder = await mkdtemp(join(tmpdir(), 'pf-janitor-'));
  context.onTestFinished(() => rm(folder, { recursive: true }));
  const authority = await testAuthority(folder);
  const certificates = await authority.issue('client', { use: 'client' });
  await using daemon = await startSecondDaemon({
    certificates: (address) => authority.issue('server', { use: 'server', names: [address] }),
  });
  await daemon.loadImage(image.id, connection);
  const there = await connectDocker(daemon.bySocket);
  const { child } = await startHarness(runId, 0, '', daemon.byTls(certificates));
  expect(await objectsOf(runId, there)).toHaveLength(4);
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  expect(await becomes(async () => (await objectsOf(runId, there)).length === 0)).toBe(true);
  await there.close();
}, 60_000);

test('nothing is left whenever the harness is killed on its way up', async (context) => {
  if (lack !== null) return context.skip(lack);
  const moments = [50, 300, 450, 600, 750, 900, 1100, 1400];
  const killed = moments.map(async (moment, index) => {
    const runId = `20260131T150000Z-0000${index.toString(16).padStart(2, '0')}`;
    const script = join(import.meta.dirname, '../fixtures/harness.ts');
    const child = spawn(process.execPath, [script, image.id, runId, String(7810 + index)], {
      stdio: 'ignore',
      detached: true,
    });
    await delay(moment);
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    return runId;
  });
  for (const runId of await Promise.all(killed)) {
    // Looked at only once every request that was under way has been answered.
    await delay(2000 / moments.length);
    expect(await becomes(async () => (await objectsOf(runId)).length === 0)).toBe(true);
  }
  await delay(1000);
  for (const runId of await Promise.all(killed)) expect(await objectsOf(runId)).toEqual([]);
}, 60_000);
