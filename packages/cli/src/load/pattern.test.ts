import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { patternOf } from './pattern.ts';

const never = new AbortController().signal;
const plain = { headers: [] };

async function served(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const authority = `localhost:${port}`;
  return {
    address: { url: `http://${authority}/`, host: '127.0.0.1', port, authority, path: '/' },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('the pattern of later answers', () => {
  test('is status, Content-Type and length of two equal answers, of a binary body too', async () => {
    await using server = await served((_, answer) => {
      answer.writeHead(418, { 'content-type': 'image/png' }).end(Buffer.from([0, 255, 128, 10]));
    });
    expect(await patternOf(server.address, plain, never)).toEqual({
      expected: { status: 418, contentType: 'image/png', body: 'xxxx' },
      comparison: 'answer',
    });
  });

  test('is the status alone without a Content-Type', async () => {
    await using server = await served((_, answer) => void answer.writeHead(204).end());
    expect(await patternOf(server.address, plain, never)).toEqual({
      expected: { status: 204, contentType: '', body: '' },
      comparison: 'status',
    });
  });

  test('is the status alone where answers have different lengths', async () => {
    let asked = 0;
    await using server = await served((_, answer) => {
      asked += 1;
      answer.writeHead(200, { 'content-type': 'text/plain' }).end('x'.repeat(asked));
    });
    expect(await patternOf(server.address, plain, never)).toMatchObject({ comparison: 'status' });
  });

  test('is the status alone where nothing else is wanted', async () => {
    await using server = await served((_, answer) => {
      answer.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
    });
    const pattern = await patternOf(server.address, { headers: [], isStatusOnly: true }, never);
    expect(pattern).toMatchObject({ comparison: 'status' });
  });

  test('is none where the status differs', async () => {
    let asked = 0;
    await using server = await served((_, answer) => {
      asked += 1;
      answer.writeHead(asked === 1 ? 200 : 503, { 'content-type': 'text/plain' }).end();
    });
    await expect(patternOf(server.address, plain, never)).rejects.toMatchObject({
      code: 'E_ANSWER_UNFIT',
      given: expect.stringContaining('503'),
    });
  });

  test('is asked for by the name of the server and with the headers of the load', async () => {
    await using server = await served((request, answer) => {
      const isRight = request.headers.host === server.address.authority && request.headers['x-key'] === 'a';
      answer.writeHead(isRight ? 200 : 403, { 'content-type': 'text/plain' }).end();
    });
    const { expected } = await patternOf(server.address, { headers: [{ name: 'X-Key', value: 'a' }] }, never);
    expect(expected.status).toBe(200);
  });

  test('that does not come is an error of the measurement', async () => {
    await using server = await served((request) => void request.socket.destroy());
    await expect(patternOf(server.address, plain, never)).rejects.toMatchObject({
      code: 'E_NO_ANSWER',
      kind: 'measurement',
    });
  });

  test('is not waited for when the command is stopped', async () => {
    await using server = await served(() => {});
    const reason = new Error('stop');
    await expect(patternOf(server.address, plain, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
