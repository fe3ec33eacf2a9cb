import type { ExpectedAnswer } from '@photofinish/schema';
import { badParameter, notFound, textAnswer } from './answers.ts';
import type { CaseResult, ContractCase } from './contract/case.ts';
import { findingOf } from './contract/case.ts';
import { describeAnswer, describeExpected, faultsOf } from './contract/judge.ts';
import { judgeCase } from './contract/judge-case.ts';
import { Connection } from './http/connection.ts';
import { type Endpoint, endpoints } from './workload.ts';

/** Longest wait for one answer, seconds. */
const timeoutSeconds = 10;

/**
 * A quick check before a trial, one kernel's time and a few milliseconds: on one connection the very request of the trial, the same with a bad
 * parameter, and /health, so that a server which closes after an error is found out too. Returns three results; rejects only with the
 * reason of the signal.
 */
export async function verifyAnswer(
  server: { readonly host: string; readonly port: number },
  path: string,
  expected: ExpectedAnswer,
  signal: AbortSignal,
): Promise<CaseResult[]> {
  const { host, port } = server;
  let shared: Connection | null = null;
  const connect = async () => {
    shared ??= await Connection.open({ host, port, timeoutSeconds, signal });
    return shared;
  };
  const wrong = wrongRequestTo(path);
  const cases = [
    sharedCase('trial-request', `GET ${path}`, path, expected),
    sharedCase('trial-wrong-request', `GET ${wrong.target}, which is wrong`, wrong.target, wrong.expected),
    sharedCase('trial-connection', 'GET /health on the same connection', '/health', textAnswer('ok')),
  ];
  const results: CaseResult[] = [];
  try {
    for (const contractCase of cases) {
      results.push((await judgeCase(contractCase, { connect })).result);
      signal.throwIfAborted();
    }
  } finally {
    (shared as Connection | null)?.[Symbol.dispose]();
  }
  return results;
}

/** A request that differs from the trial's in one thing and must be refused. */
function wrongRequestTo(path: string): { target: string; expected: ExpectedAnswer } {
  const [endpoint = '', query = ''] = path.split('?');
  const [name = ''] = query.split('=');
  return name === ''
    ? { target: `${endpoint}/nope`, expected: notFound }
    : { target: `${endpoint}?${name}=x`, expected: badParameter(name) };
}

/** A case on a connection that outlives it. */
function sharedCase(id: string, title: string, target: string, expected: ExpectedAnswer): ContractCase {
  return {
    id,
    endpoint: endpointOf(target),
    title,
    expected: describeExpected(expected),
    judge: async (server) => {
      const connection = await server.connect();
      const answer = await connection.ask({ target });
      return findingOf(faultsOf(answer, expected), describeAnswer(answer));
    },
  };
}

function endpointOf(target: string): Endpoint {
  const [path] = target.split('?');
  return endpoints.find((endpoint) => endpoint === path) ?? '*';
}
