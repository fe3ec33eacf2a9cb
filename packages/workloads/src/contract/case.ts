import type { ExpectedAnswer } from '@photofinish/schema';
import type { Connection } from '../http/connection.ts';
import type { HttpRequest } from '../http/request.ts';
import type { Endpoint } from '../workload.ts';
import { describeAnswer, describeExpected, faultsOf } from './judge.ts';

/** A server as the cases see it. */
export interface ServerUnderTest {
  /** A fresh connection, to be disposed of by the case. */
  connect(): Promise<Connection>;
}

/** What a case found: whether the server did as expected, and what it did. */
export interface Finding {
  readonly passed: boolean;
  readonly given: string;
}

/** One sentence of the contract, to be judged on a live server. Cases do not depend on one another. */
export interface ContractCase {
  /** Unique over all cases, the same for every server and seed. */
  readonly id: string;
  readonly endpoint: Endpoint;
  /** A sentence about what the server does. */
  readonly title: string;
  readonly expected: string;
  /** May throw `HttpFault`, which then is what was given. */
  judge(server: ServerUnderTest): Promise<Finding>;
}

/** A case judged. */
export interface CaseResult {
  readonly id: string;
  readonly endpoint: Endpoint;
  readonly title: string;
  readonly passed: boolean;
  readonly expected: string;
  readonly given: string;
}

/** What a case of one request and one answer consists of. */
export interface AnswerCase {
  readonly id: string;
  readonly endpoint: Endpoint;
  readonly title: string;
  readonly request: HttpRequest;
  readonly expected: ExpectedAnswer;
}

/** A case of one request on a connection of its own, whose answer must be exactly the expected one. */
export function answerCase({ id, endpoint, title, request, expected }: AnswerCase): ContractCase {
  return {
    id,
    endpoint,
    title,
    expected: describeExpected(expected),
    judge: async (server) => {
      using connection = await server.connect();
      const answer = await connection.ask(request);
      return findingOf(faultsOf(answer, expected, request), describeAnswer(answer));
    },
  };
}

/** The finding of a list of faults: passed when there is none. */
export function findingOf(faults: readonly string[], given: string): Finding {
  return faults.length === 0 ? { passed: true, given } : { passed: false, given: `${given}: ${faults.join('; ')}` };
}

/** The finding of several answers: their first few faults, or that all were right. */
export function findingOfMany(faults: readonly string[], asked: number): Finding {
  if (faults.length === 0) return { passed: true, given: `${asked} right answers` };
  const shown = faults.slice(0, 3).join(' | ');
  const more = faults.length > 3 ? ` and ${faults.length - 3} more` : '';
  return { passed: false, given: `faults in ${asked} answers: ${shown}${more}` };
}
