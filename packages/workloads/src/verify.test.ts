import { createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { ServerUnderTest } from './contract/case.ts';
import { contractCases } from './contract/cases.ts';
import { connectionCases } from './contract/connection.ts';
import { drawFrom } from './contract/draw.ts';
import { judgeCase } from './contract/judge-case.ts';
import { Connection } from './http/connection.ts';
import { mutants } from './test-kit/mutants/mutants.ts';
import { type ReferenceServer, startReference } from './test-kit/reference-server.ts';
import { type VerifyOptions, verifyContract } from './verify.ts';

const { signal } = new AbortController();

const wantedOf = ({ info: { runtime, model, nonce, cores, processes, threads } }: ReferenceServer) => ({
  ...{ runtime, model, nonce, cores, processes, threads },
});

const judge = (server: ReferenceServer, options: Partial<VerifyOptions>) =>
  verifyContract({ host: server.host, port: server.port, seed: 5, wanted: wantedOf(server), signal, ...options });

const serverAt = (port: number): ServerUnderTest => ({
  connect: () => Connection.open({ host: '127.0.0.1', port, timeoutSeconds: 1 }),
});

describe('a server that keeps the contract', () => {
  test.each([1, Number.MAX_SAFE_INTEGER])('passes every case, seed %i', async (seed) => {
    await using server = await startReference();
    const heard: string[] = [];
    const results = await judge(server, { seed, onResult: ({ id }) => heard.push(id) });
    expect(results.filter((result) => !result.passed)).toEqual([]);
    expect(results.map((result) => result.id)).toEqual(heard);
    expect(heard).toEqual(contractCases({ seed, wanted: wantedOf(server) }).map((contractCase) => contractCase.id));
  });
});

describe('the verifier bites', () => {
  test.each(mutants)(
    'a server with $fault is caught by the cases made for it',
    async ({ endpoints, caughtBy, mutation }) => {
      await using server = await startReference(mutation());
      const cases = contractCases({ seed: 5, wanted: wantedOf(server), burst: 40, endpoints });
      const missed: string[] = [];
      for (const id of caughtBy) {
        const contractCase = cases.find((candidate) => candidate.id === id) ?? expect.unreachable(id);
        if ((await judgeCase(contractCase, serverAt(server.port))).result.passed) missed.push(id);
      }
      expect(missed).toEqual([]);
    },
  );
});

describe('no case passes', () => {
  test('a server that says yes to everything that ends like a request', async () => {
    await using server = await rawServer((socket) => {
      socket.on('data', (chunk) => {
        if (chunk.includes('\r\n\r\n')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes');
      });
    });
    const options = { host: '127.0.0.1', port: server.port, seed: 5, burst: 40, timeoutSeconds: 2, signal };
    const results = await verifyContract(options);
    expect(results.filter((result) => result.passed)).toEqual([]);
    expect(results.filter((result) => result.given.startsWith('not asked'))).toEqual([]);
  });

  test('a server that hangs, and those after the third are not even asked', async () => {
    await using server = await rawServer(() => undefined);
    const options = {
      host: '127.0.0.1',
      seed: 5,
      signal,
      timeoutSeconds: 0.1,
      endpoints: ['/health', '/fail'],
    } as const;
    const results = await verifyContract({ ...options, port: server.port });
    expect(results.filter((result) => result.passed)).toEqual([]);
    expect(results.map((result) => result.given).slice(2, 4)).toEqual([
      'no whole answer within 0.1 s (no bytes)',
      'not asked: the server no longer answers',
    ]);
    expect(results).toHaveLength(contractCases(options).length);
  });

  test('a server that hangs up', async () => {
    await using server = await rawServer((socket) => socket.destroy());
    const options = { host: '127.0.0.1', port: server.port, seed: 5, burst: 40, signal };
    const results = await verifyContract(options);
    expect(results.filter((result) => result.passed)).toEqual([]);
  });
});

test('a server that takes each segment for a request fails on requests in pieces only where they are in pieces', async () => {
  const ok = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"ms":0}';
  await using server = await rawServer((socket) => {
    socket.on('data', (chunk) =>
      socket.write(chunk.includes('\r\n\r\n') && chunk.includes('GET') ? ok : 'HTTP/1.1 400 \r\n\r\n'),
    );
  });
  const target = { host: '127.0.0.1', port: server.port, timeoutSeconds: 1 };
  const failed: string[] = [];
  for (const contractCase of connectionCases(drawFrom(5, '*'), 1, null)) {
    if (!/^(request-|not-compressed)/.test(contractCase.id)) continue;
    const finding = await contractCase
      .judge({ connect: () => Connection.open(target) })
      .catch(() => ({ passed: false }));
    if (!finding.passed) failed.push(contractCase.id);
  }
  expect(failed).toEqual(['request-in-pieces', 'request-byte-by-byte']);
});

test('a server that closes idle connections early is caught by waiting for it', async () => {
  await using server = await startReference({
    setUp: (http) => {
      http.keepAliveTimeout = 100;
      http.keepAliveTimeoutBuffer = 0;
    },
  });
  const idle =
    connectionCases(drawFrom(5, '*'), 1, 0.4).find(({ id }) => id === 'connection-idle') ?? expect.unreachable();
  const finding = await idle.judge(serverAt(server.port));
  expect(finding).toEqual({ passed: false, given: 'the connection was closed meanwhile' });
});

test('slow cases are judged only when asked for', () => {
  const ids = (slow: boolean) => contractCases({ seed: 5, slow }).map(({ id }) => id);
  const usual = new Set(ids(false));
  const added = ids(true).filter((id) => !usual.has(id));
  expect(added.sort()).toEqual(['connection-idle', 'cpu-json-most', 'cpu-spin-golden-long']);
});

test('every case has an id of its own, and the same seed asks the same', () => {
  const cases = contractCases({ seed: 5, slow: true, wanted: { cores: 1 } });
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  const titles = (seed: number) =>
    contractCases({ seed }).map(({ id, title, expected }) => `${id} ${title} ${expected}`);
  expect(titles(5)).toEqual(titles(5));
  expect(titles(5)).not.toEqual(titles(6));
});

test('verification ends with the reason of its signal, not with failed cases', async () => {
  await using server = await startReference();
  const controller = new AbortController();
  const judged = judge(server, {
    signal: controller.signal,
    onResult: () => controller.abort(new Error('enough')),
  });
  await expect(judged).rejects.toThrow('enough');
});

/** A server below HTTP. */
async function rawServer(onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return {
    port: address.port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
