import type { RequestListener, ServerResponse } from 'node:http';
import { type Answer, badParameter, boom, methodNotAllowed, notFound } from './answer.ts';
import { DeliberateFailure } from './deliberate-failure.ts';
import type { Endpoint, Reply } from './endpoint.ts';
import { readQuery, splitTarget } from './query.ts';

/**
 * Judges a request in the order of the contract (path, method, parameters) and hands it to its endpoint. An answer written while
 * `isStopping` is the last on its connection, and says so.
 */
export const dispatch = (endpoints: readonly Endpoint[], isStopping: () => boolean): RequestListener => {
  const byPath = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]));
  const send = (response: ServerResponse, { status, headers, body }: Answer): void => {
    if (isStopping()) response.shouldKeepAlive = false;
    // Written by one call, header and body leave in one packet.
    response.writeHead(status, headers).end(body);
  };
  return (request, response) => {
    const { path, query } = splitTarget(request.url ?? '');
    const endpoint = byPath.get(path);
    if (endpoint === undefined) return send(response, notFound);
    if (request.method !== 'GET') return send(response, methodNotAllowed);
    const values = readQuery(endpoint.parameters, query);
    if (values.bad !== undefined) return send(response, badParameter(values.bad));
    const reply: Reply = {
      send: (answer) => send(response, answer),
      fail: (failure) => {
        if (!(failure instanceof DeliberateFailure)) reportFailure(endpoint.path, failure);
        send(response, boom);
      },
    };
    try {
      endpoint.handle(values.read, reply);
    } catch (failure) {
      reply.fail(failure);
    }
  };
};

/** A failure nobody asked for is worth a line in the target's last words. */
const reportFailure = (path: string, failure: unknown): void => {
  process.stderr.write(`${path} failed: ${failure instanceof Error ? failure.stack : String(failure)}\n`);
};
