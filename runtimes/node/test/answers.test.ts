import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Connection, open } from './connection.ts';
import { type ListeningTarget, models, startTarget } from './target.ts';

const plain = 'text/plain; charset=utf-8';
const json = 'application/json';
const error = (what: string): string => `{"error":"${what}"}`;
const digits = '9'.repeat(8000);
const zeros = '0'.repeat(8000);

const cases: readonly (readonly [line: string, status: number, type: string, body: string])[] = [
  ['GET /health', 200, plain, 'ok'],
  ['GET /health?anything=1&anything=2', 200, plain, 'ok'],
  ['GET /timer?ms=0', 200, json, '{"ms":0}'],
  ['GET /timer?ms=007', 200, json, '{"ms":7}'],
  [`GET /timer?ms=${zeros}5`, 200, json, '{"ms":5}'],
  ['GET /timer?%6ds=1&ms=3&m%73=4', 200, json, '{"ms":3}'],
  ['GET /cpu/spin?n=1', 200, plain, '510c4619'],
  ['GET /cpu/spin?n=5000000', 200, plain, '6648fc4f'],
  ['GET /cpu/json', 200, plain, '20000:3057911568:9994569:4015531070:9930:428890'],
  ['GET /cpu/json?repeat=2', 200, plain, '20000:3057911568:9994569:4015531070:9930:428890'],
  ['GET /fail?at=sync', 500, json, error('boom')],
  ['GET /fail?at=await', 500, json, error('boom')],
  ['GET /fail?at=callback', 500, json, error('boom')],
  ['GET /', 404, json, error('not found')],
  ['GET /health/', 404, json, error('not found')],
  ['GET //health', 404, json, error('not found')],
  ['GET /%68ealth', 404, json, error('not found')],
  ['GET /Health', 404, json, error('not found')],
  ['POST /nowhere', 404, json, error('not found')],
  ['OPTIONS *', 404, json, error('not found')],
  ['HEAD /health', 405, json, ''],
  ['POST /timer', 405, json, error('method not allowed')],
  ['DELETE /timer?ms=1', 405, json, error('method not allowed')],
  ['OPTIONS /health', 405, json, error('method not allowed')],
  ['GET /timer', 400, json, error('bad ms')],
  ['GET /timer?', 400, json, error('bad ms')],
  ['GET /timer?ms', 400, json, error('bad ms')],
  ['GET /timer?ms=', 400, json, error('bad ms')],
  ['GET /timer?ms=1&ms=1', 400, json, error('bad ms')],
  ['GET /timer?ms=1&ms', 400, json, error('bad ms')],
  ['GET /timer?ms=60001', 400, json, error('bad ms')],
  [`GET /timer?ms=${digits}`, 400, json, error('bad ms')],
  ['GET /timer?ms=4294967296', 400, json, error('bad ms')],
  ['GET /timer?ms=18446744073709551617', 400, json, error('bad ms')],
  ['GET /timer?ms=+1', 400, json, error('bad ms')],
  ['GET /timer?ms=-0', 400, json, error('bad ms')],
  ['GET /timer?ms=1.0', 400, json, error('bad ms')],
  ['GET /timer?ms=1e1', 400, json, error('bad ms')],
  ['GET /timer?ms=0x1', 400, json, error('bad ms')],
  ['GET /timer?ms=%31', 400, json, error('bad ms')],
  ['GET /timer?ms=1;', 400, json, error('bad ms')],
  ['GET /timer?MS=1', 400, json, error('bad ms')],
  ['GET /cpu/spin?n=0', 400, json, error('bad n')],
  ['GET /cpu/spin?n=1000000001', 400, json, error('bad n')],
  ['GET /cpu/json?repeat=0', 400, json, error('bad repeat')],
  ['GET /cpu/json?repeat=101', 400, json, error('bad repeat')],
  ['GET /cpu/json?repeat=', 400, json, error('bad repeat')],
  ['GET /fail', 400, json, error('bad at')],
  ['GET /fail?at=sync&at=sync', 400, json, error('bad at')],
  ['GET /fail?at=Sync', 400, json, error('bad at')],
];

for (const model of models) {
  describe(`node/${model} on one connection that is never closed`, () => {
    let target: ListeningTarget;
    let connection: Connection;
    before(async () => {
      target = await startTarget(model);
      connection = await open(target.port);
    });
    after(async () => {
      connection[Symbol.dispose]();
      await target[Symbol.asyncDispose]();
    });

    for (const [line, status, type, body] of cases) {
      it(`answers ${line.length > 60 ? `${line.slice(0, 30)}... (${line.length} characters)` : line} with ${status}`, async () => {
        const answer = await connection.ask(line);
        assert.deepEqual([answer.status, answer.headers.get('content-type'), answer.body], [status, type, body]);
        assert.equal(answer.headers.get('connection'), 'keep-alive');
        assert.equal(answer.headers.has('server'), false);
        assert.equal(answer.headers.get('allow'), status === 405 ? 'GET' : undefined);
        assert.match(answer.headers.get('content-length') ?? '', /^\d+$/);
      });
    }

    it('says at /info what it really runs with', async () => {
      const answer = await connection.ask('GET /info');
      const info = JSON.parse(answer.body);
      assert.equal(answer.headers.get('content-type'), json);
      assert.equal(info.model, model);
      assert.equal(info.nonce, 'nonce "1"');
      assert.equal(info.version, process.versions.node);
      assert.equal(info.cores, 2);
      assert.equal(info.processes, model === 'cluster' ? 2 : 1);
    });
  });
}
