import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { Connection, type ConnectionOptions } from './connection.ts';

const whole = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
let server: Server | undefined;
const sockets = new Set<Socket>();

/** A server that does what it is told with each connection. */
async function scripted(script: (socket: Socket) => void, options: Partial<ConnectionOptions> = {}) {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    script(socket);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return Connection.open({ host: '127.0.0.1', port: address.port, timeoutSeconds: 0.3, ...options });
}

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  const closed = server;
  server = undefined;
  if (closed !== undefined) await new Promise((resolve) => closed.close(resolve));
});

describe('a connection', () => {
  test('asks one request after another and sends exactly the bytes it is told to', async () => {
    const heard: string[] = [];
    using connection = await scripted((socket) => {
      socket.on('data', (chunk) => {
        heard.push(chunk.toString('latin1'));
        socket.write(whole);
      });
    });
    expect((await connection.ask({ target: '/timer?ms=\xb2' })).body.toString()).toBe('ok');
    expect((await connection.ask({ method: 'HEAD', target: '/', headers: { A: 'b' } })).framing).toBe('none');
    expect(heard[0]).toMatch(/^GET \/timer\?ms=\xb2 HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n\r\n$/);
    expect(heard[1]).toMatch(/^HEAD \/ HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\nA: b\r\n\r\n$/);
  });

  test('sends a request in pieces with pauses, so that the server sees several segments', async () => {
    const heard: string[] = [];
    using connection = await scripted((socket) => {
      socket.on('data', (chunk) => {
        heard.push(chunk.toString('latin1'));
        if (heard.join('').endsWith('\r\n\r\n')) socket.write(whole);
      });
    });
    await connection.askInPieces({ target: '/health' }, [3, 9], 0.02);
    expect(heard).toHaveLength(3);
    expect(heard.join('')).toMatch(/^GET \/health HTTP\/1\.1\r\n/);
  });

  test.each([
    ['says nothing', () => undefined],
    [
      'trickles one byte at a time for ever',
      (socket: Socket) => {
        const trickle = setInterval(() => socket.write('H'), 10);
        socket.on('close', () => clearInterval(trickle));
      },
    ],
  ])('gives up in time on a server that %s', async (_title, script) => {
    using connection = await scripted(script);
    await expect(connection.ask({ target: '/' })).rejects.toMatchObject({ code: 'E_HTTP_TIMEOUT' });
  });

  test('gives up on an endless body without keeping it', async () => {
    using connection = await scripted((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const flood = () => {
        while (!socket.destroyed && socket.write('x'.repeat(65_536)));
      };
      socket.on('drain', flood);
      flood();
    });
    await expect(connection.ask({ target: '/' })).rejects.toMatchObject({ code: 'E_HTTP_TOO_LARGE' });
  });

  test('does not follow a redirect', async () => {
    using connection = await scripted((socket) => {
      socket.write('HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n');
    });
    expect((await connection.ask({ target: '/' })).status).toBe(302);
  });

  test('tells a server that hangs up from one that is slow', async () => {
    using connection = await scripted((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));
    });
    await expect(connection.ask({ target: '/' })).rejects.toMatchObject({
      code: 'E_HTTP_CLOSED',
      given: expect.stringContaining('half'),
    });
    expect(connection.isClosed).toBe(true);
  });

  test('notices bytes that belong to no answer, such as a body sent to HEAD', async () => {
    using connection = await scripted((socket) => {
      socket.on('data', () => socket.write(whole));
    });
    await connection.ask({ method: 'HEAD', target: '/' });
    await delay(20);
    await expect(connection.ask({ target: '/' })).rejects.toMatchObject({ code: 'E_HTTP_SURPLUS' });
  });

  test('ends at once with the reason of its signal', async () => {
    const controller = new AbortController();
    using connection = await scripted(() => undefined, { signal: controller.signal, timeoutSeconds: 60 });
    const asked = connection.ask({ target: '/' });
    controller.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });

  test('cannot be opened where nobody listens', async () => {
    const opened = Connection.open({ host: '127.0.0.1', port: 1, timeoutSeconds: 1 });
    await expect(opened).rejects.toMatchObject({ code: 'E_HTTP_CONNECT' });
  });
});
