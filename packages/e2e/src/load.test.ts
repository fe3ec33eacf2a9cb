import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { photofinish, start } from './harness.ts';

/** What `photofinish load --json` tells of its window. */
interface Account {
  readonly windowSeconds: number;
  readonly requestedSeconds: number;
  readonly answered: number;
  readonly warnings: readonly string[];
}

/** A server that answers `hello` at this address; rejects where the machine does not have it. */
async function helloAt(host: string): Promise<Server> {
  const server = createServer((_request, response) => response.end('hello'));
  server.listen(0, host);
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

describe('photofinish load', () => {
  let server: Server;
  let url = '';

  beforeAll(async () => {
    server = await helloAt('127.0.0.1');
    url = `http://127.0.0.1:${portOf(server)}/`;
    // The native core is built by the first command that needs it.
    await photofinish(['load', url, '-d', '100ms', '-c', '1']);
  }, 300_000);
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('tells of any server what it asked and what was answered', async () => {
    const { code, stdout, stderr } = await photofinish(['load', url, '--rate', '200', '-d', '1s', '--json']);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ windowSeconds: 1, requestedSeconds: 1, intended: 200, answered: 200 });
  });

  test('finds a server that a name has on IPv6 alone, as those of `localhost` often are', async () => {
    const newer = await helloAt('::1').catch((error: Error) => error);
    if (newer instanceof Error) {
      // A machine without IPv6: the remedy must be as good as for any server that is not there.
      const { code, stderr } = await photofinish(['load', 'http://[::1]:9/']);
      expect([code, stderr]).toEqual([4, expect.stringContaining('E_NO_ANSWER')]);
      return;
    }
    try {
      const { address } = await lookup('localhost', { family: 6 }).catch(() => ({ address: null }));
      const host = address === '::1' ? 'localhost' : '[::1]';
      const flags = ['--rate', '200', '-d', '500ms', '--json'];
      const { code, stdout, stderr } = await photofinish(['load', `http://${host}:${portOf(newer)}/`, ...flags]);
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ server: `[::1]:${portOf(newer)}`, intended: 100, answered: 100 });
    } finally {
      newer.closeAllConnections();
      newer.close();
    }
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('interrupted by %s it tells what was measured until then and ends with %i', async (signal, code) => {
    let asked = 0;
    const count = () => {
      asked += 1;
    };
    server.on('request', count);
    const load = start(['load', url, '--rate', '200', '-d', '10m', '--json']);
    // Half a second of warm-up is 100 requests.
    while (asked < 300) await delay(10);
    server.off('request', count);
    load.child.kill(signal);
    const ended = await load.ended;
    expect(ended.code, ended.stderr).toBe(code);
    const account = JSON.parse(ended.stdout) as Account;
    expect(account.requestedSeconds).toBe(600);
    expect(account.windowSeconds).toBeLessThan(60);
    expect(account.answered).toBeGreaterThan(0);
    expect(account.warnings[0]).toMatch(/^Interrupted: \d+\.\d s of the 600\.0 s that were asked for\.$/);
  });
});
