import { setTimeout as delay } from 'node:timers/promises';
import { timer } from '../timer/workload.ts';
import { type ContractCase, findingOfMany, type ServerUnderTest } from './case.ts';
import type { Draw } from './draw.ts';
import { describeAnswer, faultsOf } from './judge.ts';
import { numberCases } from './numbers.ts';

/** Timers of whole milliseconds may fire up to one early by a finer clock. */
const earlySeconds = 0.001;

/** Cases of `GET /timer`. `parallel` is how many requests the server must be able to hold at once. */
export function timerCases(draw: Draw, parallel: number): ContractCase[] {
  return [...numberCases(timer, 'ms', 5, draw), waits(draw), parks(draw, parallel), survivesHangUp(draw)];
}

/** Asks for a wait on a connection of its own; the faults of the answer, in words. */
async function wait(server: ServerUnderTest, ms: number): Promise<string[]> {
  using connection = await server.connect();
  const answer = await connection.ask({ target: timer.request({ ms }).path });
  const faults = faultsOf(answer, timer.expected({ ms }));
  if (answer.seconds + earlySeconds < ms / 1000) {
    faults.push(`answered after ${(answer.seconds * 1000).toFixed(1)} ms`);
  }
  return faults.length === 0 ? [] : [`ms=${ms} gives ${describeAnswer(answer)}: ${faults.join('; ')}`];
}

function waits(draw: Draw): ContractCase {
  const spans = [draw.between(20, 60), draw.between(60, 120), draw.between(120, 200)];
  return {
    id: 'timer-waits',
    endpoint: '/timer',
    title: 'the answer comes no sooner than asked, by a monotonic clock',
    expected: `answers after ${spans.join(', ')} ms or later`,
    judge: async (server) => {
      const faults: string[] = [];
      for (const ms of spans) faults.push(...(await wait(server, ms)));
      return findingOfMany(faults, spans.length);
    },
  };
}

function parks(draw: Draw, parallel: number): ContractCase {
  const spans = Array.from({ length: parallel }, (_, index) => 250 + index + draw.between(0, 50));
  const serial = spans.reduce((sum, span) => sum + span, 0) / 1000;
  return {
    id: 'timer-parallel',
    endpoint: '/timer',
    title: `${parallel} requests on as many connections wait at the same time, each gets its own answer`,
    expected: `${parallel} right answers in less than half of the ${serial.toFixed(1)} s that one after another takes`,
    judge: async (server) => {
      const started = performance.now();
      const faults = (await Promise.all(spans.map((ms) => wait(server, ms)))).flat();
      const taken = (performance.now() - started) / 1000;
      const { passed, given } = findingOfMany(faults, parallel);
      return { passed: passed && (parallel === 1 || taken < serial / 2), given: `${given} in ${taken.toFixed(2)} s` };
    },
  };
}

function survivesHangUp(draw: Draw): ContractCase {
  const ms = draw.between(60, 120);
  return {
    id: 'timer-hang-up',
    endpoint: '/timer',
    title: 'a client that hangs up while it waits does no harm to the others',
    expected: 'right answers for those who stay',
    judge: async (server) => {
      const staying = wait(server, ms);
      // Awaited below; its failure must not surface while the others still hang up.
      staying.catch(() => undefined);
      await hangUp(server, timer.request({ ms }).path, 8);
      const faults = [...(await staying), ...(await wait(server, ms))];
      return findingOfMany(faults, 2);
    },
  };
}

/** Sends a request on each of several connections and closes them before the answer. */
async function hangUp(server: ServerUnderTest, target: string, count: number): Promise<void> {
  using connections = new DisposableStack();
  for (let index = 0; index < count; index++) {
    const connection = connections.use(await server.connect());
    connection.ask({ target }).catch(() => undefined);
  }
  await delay(20);
}
