import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { open } from './connection.ts';
import { environment, models, spawnTarget, startTarget } from './target.ts';

/** Long enough for a request written to the loopback interface to have reached its handler. */
const untilAccepted = 300;

/** Connects until that is refused: a moment may pass between the first sign of a stop and the last listener's end. */
const untilRefused = async (port: number): Promise<void> => {
  for (;;) {
    const attempt = await open(port).catch((error: NodeJS.ErrnoException) => error);
    if ('code' in attempt && attempt.code === 'ECONNREFUSED') return;
    await setTimeout(10);
  }
};

/** A port that was free a moment ago. */
const freePort = async (): Promise<number> => {
  const holder = createServer();
  await once(holder.listen(0, '127.0.0.1'), 'listening');
  const { port } = holder.address() as AddressInfo;
  holder.close();
  await once(holder, 'close');
  return port;
};

/** Connects as soon as somebody listens. */
const openEagerly = async (port: number): ReturnType<typeof open> => {
  for (;;) {
    const connection = await open(port).catch(() => null);
    if (connection !== null) return connection;
    await setTimeout(1);
  }
};

describe('at SIGTERM', { concurrency: true }, () => {
  for (const model of models) {
    it(`node/${model} finishes what is in flight, closes idle connections, accepts no new ones and exits with 0`, async () => {
      await using target = await startTarget(model);
      using busy = await open(target.port);
      using idle = await open(target.port);
      using silent = await open(target.port);
      await idle.ask('GET /health');
      await busy.ask('GET /health');
      const answer = busy.ask('GET /timer?ms=1000');
      await setTimeout(untilAccepted);

      target.terminate();
      target.terminate();
      await Promise.all([idle.closed, silent.closed]);
      await untilRefused(target.port);

      const { headers, body } = await answer;
      assert.deepEqual([headers.get('connection'), body], ['close', '{"ms":1000}']);
      await busy.closed;
      assert.deepEqual(await target.ending, { code: 0, signal: null, errors: '' });
    });

    it(`node/${model} exits with 0 although told to with its very first answer`, async () => {
      const port = await freePort();
      await using target = spawnTarget(model, { ...environment(model), CORES: '6', PORT: String(port) });
      using eager = await openEagerly(port);
      await eager.ask('GET /health');
      target.terminate();
      assert.deepEqual(await target.ending, { code: 0, signal: null, errors: '' });
    });

    it(`node/${model} cuts off what is still in flight at the deadline and exits with 0`, async () => {
      await using target = await startTarget(model);
      using busy = await open(target.port);
      const cutOff = assert.rejects(busy.ask('GET /timer?ms=60000'), /connection closed/);
      await setTimeout(untilAccepted);
      target.terminate();
      await cutOff;
      assert.deepEqual(await target.ending, { code: 0, signal: null, errors: '' });
    });

    it(`node/${model} still stops after a client went away before its answer`, async () => {
      await using target = await startTarget(model);
      const leaving = connect(target.port, '127.0.0.1');
      leaving.end('GET /timer?ms=50 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
      await setTimeout(untilAccepted);
      leaving.destroy();
      using connection = await open(target.port);
      assert.equal((await connection.ask('GET /health')).status, 200);
      target.terminate();
      assert.equal((await target.ending).code, 0);
    });
  }
});
