import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, EnvironmentLostError, seconds, systemClock } from '@photofinish/schema';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SecondDaemon, secondDaemonLack, startSecondDaemon } from '../test-kit/second-daemon.ts';
import { connectDocker, type DockerConnection } from './connection/connection.ts';
import { dockerEngine } from './engine.ts';
import {
  buildTestImage,
  containerLack,
  objectsOf,
  type TestImage,
  testRunId,
  testSpec,
} from './fixtures/test-image.ts';
import { readEngineStats } from './stats.ts';

const never = new AbortController().signal;
const lack = (await containerLack()) ?? (await secondDaemonLack());
const runId = testRunId();
let image: TestImage;
let first: DockerConnection;

beforeAll(async () => {
  if (lack !== null) return;
  image = await buildTestImage();
  first = await connectDocker({ environment: {}, home: '/nowhere' });
}, 120_000);

afterAll(async () => {
  await first?.close();
  await image?.[Symbol.asyncDispose]();
});

beforeEach((context) => {
  if (lack !== null) context.skip(lack);
});

/** The engine behind a second daemon, whose host network is the daemon's own. */
async function engineAt(daemon: SecondDaemon, clock: Clock = systemClock, local = true) {
  const connection = { ...(await connectDocker(daemon.bySocket)), host: daemon.address, local };
  return { ...connection, engine: dockerEngine({ connection, runId, leaseImage: image.id, janitor: false, clock }) };
}

function spec() {
  const one = testSpec(image.id, 'good', 'host');
  return { ...one, environment: { ...one.environment, HOST: '0.0.0.0' } };
}

async function isGone(pid: number | null): Promise<boolean> {
  for (let attempt = 0; attempt < 250; attempt++) {
    if (!existsSync(`/proc/${pid}`)) return true;
    await delay(20);
  }
  return false;
}

describe('a container engine of its own', () => {
  let daemon: SecondDaemon;

  beforeAll(async () => {
    if (lack !== null) return;
    daemon = await startSecondDaemon();
    await daemon.loadImage(image.id, first);
  }, 120_000);

  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]();
  }, 60_000);

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'is lost by %s in a window; nothing is left once it is back',
    async (name) => {
      const { engine, client, close } = await engineAt(daemon);
      const server = await engine.start(spec(), never);
      await daemon.signal(name);
      expect(await server.ended).toEqual({ code: null, signal: null, reason: 'engine-lost' });
      await daemon.start();
      expect((await server.stop()).exit.reason).toBe('engine-lost');
      expect(await objectsOf(client, runId)).toEqual([]);
      const again = await engine.start(spec(), never);
      expect((await again.stop()).exit.code).toBe(0);
      await close();
    },
    60_000,
  );

  test('is given up when it does not come back, and the error says what to do', async () => {
    // A clock a hundred times as fast: half a minute of patience passes at once.
    const hasty = { ...systemClock, now: () => seconds(systemClock.now() * 100) };
    const { engine, client, close } = await engineAt(daemon, hasty);
    const server = await engine.start({ ...spec(), readyWithin: seconds(1500) }, never);
    await daemon.signal('SIGKILL');
    const error = await server.stop().catch((caught: unknown) => caught);
    expect(await isGone(server.pid)).toBe(true);
    expect(error).toBeInstanceOf(EnvironmentLostError);
    expect(error).toMatchObject({ code: 'E_ENGINE_LOST', remedy: expect.stringContaining('photofinish gc') });
    await expect(engine.start(spec(), never)).rejects.toMatchObject({ code: 'E_ENGINE_LOST' });
    await daemon.start();
    for (const { Id } of await client.listContainers({ all: true }))
      await client.getContainer(Id).remove({ force: true });
    await close();
  }, 60_000);

  test('of another machine is reached by the port it publishes, and what only that machine knows is left open', async () => {
    const { engine, client, close } = await engineAt(daemon, systemClock, false);
    await using server = await engine.start(testSpec(image.id, 'good', 'published'), never);
    expect({ host: server.host, pid: server.pid }).toEqual({ host: daemon.address, pid: null });
    expect(await (await fetch(`http://${server.host}:${server.port}/health`)).text()).toBe('ok');
    expect(await server.limitDifferences()).toEqual([]);
    expect((await readEngineStats(client, server.containerId ?? '')).pids).toBeGreaterThan(2);
    const bridge = engine.start(testSpec(image.id, 'good', 'bridge'), never);
    await expect(bridge).rejects.toMatchObject({ code: 'E_NETWORK_PATH', allowed: 'published, host' });
    await server.stop();
    await close();
  }, 60_000);

  test('without a free port to publish is refused, with what to do', async () => {
    await daemon.signal('SIGTERM');
    const range = ['sysctl', '--write', 'net.ipv4.ip_local_port_range=42001 42001'];
    await execa('nsenter', [`--net=${daemon.namespace}`, ...range]);
    await daemon.start();
    const { engine, client, close } = await engineAt(daemon, systemClock, false);
    await using server = await engine.start(testSpec(image.id, 'good', 'published'), never);
    expect(server.port).toBe(42001);
    const second = engine.start(testSpec(image.id, 'good', 'published'), never);
    await expect(second).rejects.toMatchObject({ kind: 'environment', code: 'E_PORTS_EXHAUSTED' });
    await server.stop();
    expect(await objectsOf(client, runId)).toEqual([]);
    await close();
  }, 60_000);

  test('without an address range left is refused, with what to do', async () => {
    await daemon.signal('SIGTERM');
    // The one range is taken by the daemon's default bridge.
    const pools = [{ base: '10.213.0.0/24', size: 24 }];
    await writeFile(join(daemon.folder, 'daemon.json'), JSON.stringify({ 'default-address-pools': pools }));
    await daemon.start();
    const { engine, close } = await engineAt(daemon);
    const started = engine.start(testSpec(image.id, 'good', 'bridge'), never);
    await expect(started).rejects.toMatchObject({ kind: 'environment', code: 'E_ADDRESS_POOL' });
    await close();
  }, 60_000);

  test('may be halted in a window without harm', async () => {
    const { engine, close } = await engineAt(daemon);
    const server = await engine.start(spec(), never);
    await daemon.signal('SIGSTOP');
    expect(await Promise.race([server.ended, delay(1000, 'lives')])).toBe('lives');
    await daemon.signal('SIGCONT');
    expect((await server.stop()).exit).toEqual({ code: 0, signal: null, reason: 'own' });
    await close();
  }, 60_000);
});

test('a full disk under the engine is told as such, and nothing is left', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'photofinish-full-'));
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=700m', 'tmpfs', folder]);
  try {
    await using daemon = await startSecondDaemon({ dataRoot: join(folder, 'data') });
    await daemon.loadImage(image.id, first);
    const { engine, client, close } = await engineAt(daemon);
    await execa('dd', ['if=/dev/zero', `of=${join(folder, 'filler')}`, 'bs=1M'], { reject: false });
    await expect(engine.start(spec(), never)).rejects.toMatchObject({
      kind: 'environment-lost',
      code: 'E_ENGINE_DISK_FULL',
    });
    expect(await objectsOf(client, runId)).toEqual([]);
    await writeFile(join(folder, 'filler'), '');
    expect((await (await engine.start(spec(), never)).stop()).exit.code).toBe(0);
    await close();
  } finally {
    await execa('umount', ['--lazy', folder], { reject: false });
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
