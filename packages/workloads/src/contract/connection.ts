import { setTimeout as delay } from 'node:timers/promises';
import type { ExpectedAnswer } from '@photofinish/schema';
import { badParameter, boom, notFound, textAnswer } from '../answers.ts';
import { cpuSpin } from '../cpu-spin/workload.ts';
import { timer } from '../timer/workload.ts';
import { type ContractCase, findingOf, findingOfMany, type ServerUnderTest } from './case.ts';
import type { Draw } from './draw.ts';
import { describeAnswer, faultsOf } from './judge.ts';

const endpoint = '*';
const ok = textAnswer('ok');

/** Cases of what lies below the endpoints: connections, segments, bursts. */
export function connectionCases(draw: Draw, burst: number, idleSeconds: number | null): ContractCase[] {
  return [
    manyOnOneConnection(draw),
    inPieces('request-in-pieces', 'a request cut into several segments is put together', [1, 9, 20, 31]),
    inPieces(
      'request-byte-by-byte',
      'a request of one byte a segment is put together',
      [...Array(30).keys()].map((i) => i + 1),
    ),
    notCompressed(),
    promptOnOneConnection('prompt-health', '/health', ok),
    promptOnOneConnection('prompt-timer', timer.request({ ms: 0 }).path, timer.expected({ ms: 0 })),
    promptOnOneConnection('prompt-error', '/nope', notFound),
    survivesNonsense(),
    burstOfConnections(burst),
    ...(idleSeconds === null ? [] : [staysWhileIdle(idleSeconds)]),
  ];
}

/** A drawn sequence of good and bad requests, one after another on one connection. */
function manyOnOneConnection(draw: Draw): ContractCase {
  const n = draw.between(10, 5000);
  const kinds: readonly [readonly [string, ExpectedAnswer], ...(readonly [string, ExpectedAnswer])[]] = [
    ['/health', ok],
    [timer.request({ ms: 1 }).path, timer.expected({ ms: 1 })],
    [cpuSpin.request({ n }).path, cpuSpin.expected({ n })],
    ['/timer?ms=-1', badParameter('ms')],
    ['/cpu/spin', badParameter('n')],
    ['/fail?at=await', boom],
    ['/nope', notFound],
  ];
  const sequence = Array.from({ length: 60 }, () => draw.oneOf(kinds));
  return {
    id: 'connection-many-requests',
    endpoint,
    title: 'one connection carries good and bad requests in any order',
    expected: `${sequence.length} right answers on one connection`,
    judge: async (server) => {
      using connection = await server.connect();
      const faults: string[] = [];
      for (const [target, expected] of sequence) {
        const answer = await connection.ask({ target });
        faults.push(...faultsOf(answer, expected).map((fault) => `${target}: ${fault}`));
      }
      return findingOfMany(faults, sequence.length);
    },
  };
}

function inPieces(id: string, title: string, cuts: readonly number[]): ContractCase {
  return {
    id,
    endpoint,
    title,
    expected: `${cuts.length + 1} segments, one right answer`,
    judge: async (server) => {
      using connection = await server.connect();
      const answer = await connection.askInPieces({ target: '/timer?ms=0' }, cuts, 0.01);
      return findingOf(faultsOf(answer, timer.expected({ ms: 0 })), describeAnswer(answer));
    },
  };
}

function notCompressed(): ContractCase {
  return {
    id: 'not-compressed',
    endpoint,
    title: 'the answer is not compressed, even for a client that would take it',
    expected: 'the same bytes with no Content-Encoding',
    judge: async (server) => {
      using connection = await server.connect();
      const headers = { 'Accept-Encoding': 'gzip, deflate, br, zstd' };
      const answer = await connection.ask({ target: '/timer?ms=0', headers });
      return findingOf(faultsOf(answer, timer.expected({ ms: 0 })), describeAnswer(answer));
    },
  };
}

/**
 * Head and body in two writes, with the algorithm of Nagle on, wait for the client's delayed acknowledgement: a step of 40 ms in nearly every
 * answer but the first few. The median of 30 lies far below one step in any server without it.
 */
function promptOnOneConnection(id: string, target: string, expected: ExpectedAnswer): ContractCase {
  const times = 30;
  const limitSeconds = 0.03;
  return {
    id,
    endpoint,
    title: `${target} is answered without the 40 ms step of Nagle and delayed acknowledgement`,
    expected: `a median of ${times} answers below ${limitSeconds * 1000} ms`,
    judge: async (server) => {
      using connection = await server.connect();
      const spans: number[] = [];
      const faults: string[] = [];
      for (let time = 0; time < times; time++) {
        const answer = await connection.ask({ target });
        spans.push(answer.seconds);
        faults.push(...faultsOf(answer, expected));
      }
      const median = spans.sort((a, b) => a - b)[times / 2] ?? Number.POSITIVE_INFINITY;
      const { passed, given } = findingOfMany(faults, times);
      return { passed: passed && median < limitSeconds, given: `${given}, median ${(median * 1000).toFixed(2)} ms` };
    },
  };
}

function survivesNonsense(): ContractCase {
  return {
    id: 'survives-nonsense',
    endpoint,
    title: 'bytes that are no HTTP, half a request and a hang-up leave the server as it was',
    expected: 'a right answer afterwards',
    judge: async (server) => {
      for (const nonsense of ['\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 'GET /health HTTP/1.1\r\nHost', 'GET\r\n\r\n']) {
        using connection = await server.connect();
        connection.send(Buffer.from(nonsense, 'latin1'));
        await delay(20);
      }
      return (await askHealth(server)) ?? { passed: true, given: 'a right answer' };
    },
  };
}

function burstOfConnections(burst: number): ContractCase {
  return {
    id: 'connection-burst',
    endpoint,
    title: `${burst} connections opened at once are all accepted and answered`,
    expected: `${burst} right answers`,
    judge: async (server) => {
      const connections = await Promise.allSettled(Array.from({ length: burst }, () => server.connect()));
      try {
        const answers = connections.map(async (settled) => {
          if (settled.status === 'rejected') return [String(settled.reason)];
          return settled.value.ask({ target: '/health' }).then(
            (answer) => faultsOf(answer, ok),
            (fault: unknown) => [fault instanceof Error ? fault.message : String(fault)],
          );
        });
        return findingOfMany((await Promise.all(answers)).flat(), burst);
      } finally {
        for (const settled of connections) if (settled.status === 'fulfilled') settled.value[Symbol.dispose]();
      }
    },
  };
}

function staysWhileIdle(idleSeconds: number): ContractCase {
  return {
    id: 'connection-idle',
    endpoint,
    title: `a connection idle for ${idleSeconds} s is still there`,
    expected: 'a right answer on the same connection',
    judge: async (server) => {
      using connection = await server.connect();
      const before = faultsOf(await connection.ask({ target: '/health' }), ok);
      await delay(idleSeconds * 1000);
      if (connection.isClosed) return { passed: false, given: 'the connection was closed meanwhile' };
      return findingOfMany([...before, ...faultsOf(await connection.ask({ target: '/health' }), ok)], 2);
    },
  };
}

async function askHealth(server: ServerUnderTest): Promise<{ passed: false; given: string } | null> {
  using connection = await server.connect();
  const faults = faultsOf(await connection.ask({ target: '/health' }), ok);
  return faults.length === 0 ? null : { passed: false, given: faults.join('; ') };
}
