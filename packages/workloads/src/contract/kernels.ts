import type { ExpectedAnswer } from '@photofinish/schema';
import type { Endpoint } from '../workload.ts';
import { type ContractCase, findingOfMany, type ServerUnderTest } from './case.ts';
import { describeAnswer, faultsOf } from './judge.ts';

/** A request of a kernel and the answer it must get. */
export interface KernelRequest {
  readonly target: string;
  readonly expected: ExpectedAnswer;
}

/** Several requests at once, each on its own connection: state shared between them would mix their answers. */
export function parallelKernelCase(id: string, endpoint: Endpoint, requests: readonly KernelRequest[]): ContractCase {
  return {
    id,
    endpoint,
    title: `${requests.length} computations at once do not disturb one another`,
    expected: `${requests.length} right answers`,
    judge: async (server) => {
      const faults = await Promise.all(requests.map((request) => askKernel(server, request)));
      return findingOfMany(faults.flat(), requests.length);
    },
  };
}

/**
 * The same request again and again: an answer that comes sooner than any processor can compute it was remembered, not computed.
 * `floorSeconds` is that physical bound; noise can only lengthen a time, so the least of several is judged.
 */
export function computedEachTimeCase(
  id: string,
  endpoint: Endpoint,
  request: KernelRequest,
  floorSeconds: number,
): ContractCase {
  const times = 4;
  return {
    id,
    endpoint,
    title: 'the result is computed for every request, never remembered',
    expected: `${times} right answers, none sooner than ${(floorSeconds * 1000).toFixed(1)} ms`,
    judge: async (server) => {
      using connection = await server.connect();
      const faults: string[] = [];
      let least = Number.POSITIVE_INFINITY;
      for (let time = 0; time < times; time++) {
        const answer = await connection.ask({ target: request.target });
        faults.push(...faultsOf(answer, request.expected));
        least = Math.min(least, answer.seconds);
      }
      const { passed, given } = findingOfMany(faults, times);
      return { passed: passed && least >= floorSeconds, given: `${given}, soonest ${(least * 1000).toFixed(2)} ms` };
    },
  };
}

async function askKernel(server: ServerUnderTest, { target, expected }: KernelRequest): Promise<string[]> {
  using connection = await server.connect();
  const answer = await connection.ask({ target });
  const faults = faultsOf(answer, expected);
  return faults.length === 0 ? [] : [`${target} gives ${describeAnswer(answer)}: ${faults.join('; ')}`];
}
