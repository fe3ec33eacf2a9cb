import { cp, mkdtemp, readFile, rm, unlink } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError, seconds } from '@photofinish/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestAuthority, testAuthority } from '../../test-kit/certificates.ts';
import { dockerLack, hereOptions } from '../../test-kit/scratch-image.ts';
import { type SecondDaemon, secondDaemonLack, startSecondDaemon } from '../../test-kit/second-daemon.ts';
import { engineConditions } from './conditions.ts';
import { connectDocker } from './connection.ts';
import type { ConnectionOptions } from './endpoint.ts';

async function refusal(options: ConnectionOptions): Promise<EnvironmentError> {
  const error = await connectDocker(options).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(EnvironmentError);
  return error as EnvironmentError;
}

describe('a connection to the container engine of this machine', async () => {
  const lack = await dockerLack();
  beforeEach((context) => {
    if (lack !== null) context.skip(lack);
  });

  test('is local, and tells what the engine is', async () => {
    const connection = await connectDocker(hereOptions);
    expect(connection).toMatchObject({ local: true, host: '127.0.0.1' });
    expect(await connection.account()).toMatchObject({
      id: 'docker',
      version: expect.stringMatching(/^(Docker|Podman) \d+\.\d+/),
      roundTripSeconds: null,
    });
    await connection.close();
  });

  test('has room for many requests that last beside those that are soon answered', async () => {
    const connection = await connectDocker(hereOptions);
    const streams = await Promise.all(Array.from({ length: 8 }, () => connection.client.getEvents({})));
    expect((await connection.client.version()).ApiVersion).toBeDefined();
    const ends = streams.map(
      (stream) => new Promise((resolve) => stream.on('error', resolve).on('close', resolve).resume()),
    );
    await connection.close();
    await Promise.all(ends);
  });
});

test('nothing that listens is said with the place and the command that starts it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pf-none-'));
  const missing = await refusal({ environment: { DOCKER_HOST: `unix://${folder}/none.sock` }, home: folder });
  expect(missing).toMatchObject({ code: 'E_ENGINE_UNREACHABLE', where: `unix://${folder}/none.sock` });
  expect(missing.remedy).toContain('systemctl start docker');
  const refused = await refusal({ environment: {}, home: folder, dockerHost: 'tcp://127.0.0.1:1' });
  expect(refused).toMatchObject({ code: 'E_ENGINE_UNREACHABLE', what: expect.stringContaining('Nothing listens') });
  await rm(folder, { recursive: true });
});

test('at most four requests that are soon answered are under way at once', async () => {
  const text = await readFile(join(import.meta.dirname, 'fixtures', 'docker-20.10.24.json'), 'utf8');
  const { version, info } = JSON.parse(text) as Record<'version' | 'info', object>;
  let [underWay, most] = [0, 0];
  const engine = createHttpServer((request, response) => {
    underWay += 1;
    most = Math.max(most, underWay);
    setTimeout(() => {
      underWay -= 1;
      response.end(JSON.stringify(request.url?.startsWith('/info') ? info : version));
    }, 5);
  });
  await using listening = await listen(engine);
  const options = { environment: {}, home: '/nonexistent', dockerHost: `tcp://127.0.0.1:${listening.port}` };
  const connection = await connectDocker(options);
  await Promise.all(Array.from({ length: 40 }, () => connection.client.version()));
  expect(most).toBe(4);
  await connection.close();
});

test('one that accepts and never answers is given up', async () => {
  const held = new Set<Socket>();
  const server = createServer((socket) => held.add(socket));
  await using listening = await listen(server);
  const options = { environment: {}, home: '/nonexistent', dockerHost: `tcp://127.0.0.1:${listening.port}` };
  const error = await connectDocker(options, seconds(0.3)).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'E_ENGINE_UNREACHABLE', what: 'The container engine does not answer.' });
  for (const socket of held) socket.destroy();
});

test('something else that answers is not taken for an engine', async () => {
  const server = createServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'));
  });
  await using listening = await listen(server);
  const error = await refusal({
    environment: {},
    home: '/nonexistent',
    dockerHost: `tcp://127.0.0.1:${listening.port}`,
  });
  expect(error.what).toContain('does not answer as a container engine');
});

async function listen(server: Server): Promise<AsyncDisposable & { readonly port: number }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a connection by TLS', async () => {
  const lack = await secondDaemonLack();
  let folder: string;
  let authority: TestAuthority;
  let daemon: SecondDaemon;
  let client: string;

  beforeAll(async () => {
    if (lack !== null) return;
    folder = await mkdtemp(join(tmpdir(), 'pf-tls-'));
    authority = await testAuthority(join(folder, 'authority'));
    client = await authority.issue('client', { use: 'client' });
    daemon = await startSecondDaemon({
      certificates: (address) => authority.issue('server', { use: 'server', names: [address] }),
    });
  }, 60_000);

  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  beforeEach((context) => {
    if (lack !== null) context.skip(lack);
  });

  test('is of another machine, whose round trip is measured', async () => {
    const connection = await connectDocker(daemon.byTls(client));
    expect(connection).toMatchObject({ local: false, host: daemon.address });
    expect((await connection.account()).roundTripSeconds).toBeGreaterThan(0);
    const conditions = await engineConditions(connection);
    expect(conditions.find(({ id }) => id === 'engine-reachable')?.found).toMatch(/^Docker over TLS$/);
    expect(JSON.stringify(conditions)).not.toContain(daemon.address);
    await connection.close();
  });

  test('is refused without a client certificate, before anything is sent', async () => {
    const bare = join(folder, 'bare');
    await cp(client, bare, { recursive: true });
    await unlink(join(bare, 'cert.pem'));
    const error = await refusal(daemon.byTls(bare));
    expect(error).toMatchObject({
      code: 'E_ENGINE_CERTIFICATE',
      what: expect.stringContaining('no client certificate'),
    });
  });

  test('is refused with a client certificate that has expired', async () => {
    const expired = await authority.issue('expired-client', { use: 'client', days: -1 });
    const error = await refusal(daemon.byTls(expired));
    expect(error).toMatchObject({ code: 'E_ENGINE_CERTIFICATE', what: expect.stringContaining('expired') });
  });

  test('is refused by the engine with a client certificate of another authority', async () => {
    const other = await testAuthority(join(folder, 'other'));
    const stranger = await other.issue('stranger', { use: 'client' });
    await cp(join(authority.folder, 'ca.pem'), join(stranger, 'ca.pem'));
    const error = await refusal(daemon.byTls(stranger));
    expect(error).toMatchObject({
      code: 'E_ENGINE_TLS',
      what: expect.stringContaining('refused the client certificate'),
    });
  });

  test('is refused when another authority signed for the engine', async () => {
    const other = await testAuthority(join(folder, 'third'));
    const mistaken = join(folder, 'mistaken');
    await cp(client, mistaken, { recursive: true });
    await cp(join(other.folder, 'ca.pem'), join(mistaken, 'ca.pem'));
    const error = await refusal(daemon.byTls(mistaken));
    expect(error).toMatchObject({ code: 'E_ENGINE_TLS', what: expect.stringContaining('another authority') });
  });

  test('is refused off this machine in plain text', async () => {
    const error = await refusal({ environment: { DOCKER_HOST: `tcp://${daemon.address}:2376` }, home: folder });
    expect(error.code).toBe('E_ENGINE_PLAINTEXT');
  });

  test('is refused at a port that speaks no TLS, which plain text of this machine may use', async () => {
    const plain = createServer((socket) => {
      const engine = connect(daemon.socket);
      socket.on('error', () => engine.destroy()).pipe(engine);
      engine.on('error', () => socket.destroy()).pipe(socket);
    });
    await using listening = await listen(plain);
    const address = `tcp://127.0.0.1:${listening.port}`;
    const error = await refusal({ ...daemon.byTls(client), dockerHost: address });
    expect(error).toMatchObject({ code: 'E_ENGINE_TLS', what: expect.stringContaining('plaintext') });
    const connection = await connectDocker({ environment: {}, home: folder, dockerHost: address });
    expect(connection.local).toBe(false);
    await connection.close();
  });

  test.each([
    ['that has expired', 'has expired', (address: string) => ({ names: [address], days: -1 })],
    ['for another name', 'for another name', () => ({ names: ['elsewhere.invalid', '198.18.255.255'] })],
  ])('is refused with a certificate of the engine %s', async (_, words, what) => {
    await authority.issue('server', { use: 'server', ...what(daemon.address) });
    await daemon.signal('SIGTERM');
    await daemon.start();
    const error = await refusal(daemon.byTls(client));
    expect(error).toMatchObject({ code: 'E_ENGINE_TLS', what: expect.stringContaining(words) });
  });
});
