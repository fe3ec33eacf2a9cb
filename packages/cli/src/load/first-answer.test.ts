import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { firstAnswer } from './first-answer.ts';

const never = new AbortController().signal;

async function served(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: { url: `http://127.0.0.1:${port}/`, host: '127.0.0.1', port, path: '/' },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('the first answer of a server', () => {
  test('is the pattern: status, Content-Type and length, of a binary body too', async () => {
    await using server = await served((_, answer) => {
      answer.writeHead(418, { 'content-type': 'image/png' }).end(Buffer.from([0, 255, 128, 10]));
    });
    expect(await firstAnswer(server.address, never)).toEqual({ status: 418, contentType: 'image/png', body: 'xxxx' });
  });

  test('is no pattern without a Content-Type', async () => {
    await using server = await served((_, answer) => void answer.writeHead(204).end());
    await expect(firstAnswer(server.address, never)).rejects.toMatchObject({ code: 'E_ANSWER_UNFIT' });
  });

  test('that does not come is an error of the measurement', async () => {
    await using server = await served((request) => void request.socket.destroy());
    await expect(firstAnswer(server.address, never)).rejects.toMatchObject({
      code: 'E_NO_ANSWER',
      kind: 'measurement',
    });
  });

  test('is not waited for when the command is stopped', async () => {
    await using server = await served(() => {});
    const reason = new Error('stop');
    await expect(firstAnswer(server.address, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
