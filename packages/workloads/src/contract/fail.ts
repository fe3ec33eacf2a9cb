import { setTimeout as delay } from 'node:timers/promises';
import { badParameter, boom, textAnswer } from '../answers.ts';
import { timer } from '../timer/workload.ts';
import { answerCase, type ContractCase, findingOfMany } from './case.ts';
import { describeExpected, faultsOf } from './judge.ts';

const endpoint = '/fail';
const modes = ['sync', 'await', 'callback'] as const;

/** Cases of `GET /fail`. */
export function failCases(): ContractCase[] {
  const bad = (id: string, title: string, query: string) =>
    answerCase({
      id: `fail-at-${id}`,
      endpoint,
      title: `${title} is refused`,
      request: { target: `${endpoint}${query}` },
      expected: badParameter('at'),
    });
  return [
    ...modes.map(failsAndStaysUsable),
    answerCase({
      id: 'fail-unknown-parameters',
      endpoint,
      title: 'parameters the endpoint does not know are ignored',
      request: { target: `${endpoint}?ms=-1&at=sync&AT=x` },
      expected: boom,
    }),
    bad('missing', 'no place to fail at', ''),
    bad('empty', 'an empty place to fail at', '?at='),
    bad('unknown', 'an unknown place to fail at', '?at=nowhere'),
    bad('other-case', 'a place in capitals', '?at=SYNC'),
    bad('longer', 'a place with something behind it', '?at=synchronous'),
    bad('repeated', 'a repeated place to fail at', '?at=sync&at=sync'),
    processLives(),
  ];
}

function failsAndStaysUsable(mode: (typeof modes)[number]): ContractCase {
  return {
    id: `fail-${mode}`,
    endpoint,
    title: `a failure at ${mode} is answered, five times on one connection, which stays usable`,
    expected: `${describeExpected(boom)}, then ${describeExpected(textAnswer('ok'))}`,
    judge: async (server) => {
      using connection = await server.connect();
      const faults: string[] = [];
      const times = 5;
      for (let time = 0; time < times; time++) {
        faults.push(...faultsOf(await connection.ask({ target: `${endpoint}?at=${mode}` }), boom));
        faults.push(...faultsOf(await connection.ask({ target: '/health' }), textAnswer('ok')));
      }
      return findingOfMany(faults, times * 2);
    },
  };
}

/** A process that died and was started anew would have dropped the requests that it held. */
function processLives(): ContractCase {
  const ms = 400;
  const parked = 8;
  return {
    id: 'fail-process-lives',
    endpoint,
    title: 'requests that wait meanwhile are answered: the process lives through failures of every kind',
    expected: `${parked} requests that wait get their answer`,
    judge: async (server) => {
      const wait = async () => {
        using connection = await server.connect();
        return faultsOf(await connection.ask({ target: timer.request({ ms }).path }), timer.expected({ ms }));
      };
      const waiting = Promise.all(Array.from({ length: parked }, wait));
      // Awaited below; a failure to answer must not surface while the other requests are still being sent.
      waiting.catch(() => undefined);
      await delay(50);
      for (const mode of modes) {
        for (let time = 0; time < 4; time++) {
          using connection = await server.connect();
          await connection.ask({ target: `${endpoint}?at=${mode}` });
        }
      }
      return findingOfMany((await waiting).flat(), parked);
    },
  };
}
