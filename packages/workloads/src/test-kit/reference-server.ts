import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExpectedAnswer, Info } from '@photofinish/schema';
import { badParameter, boom, jsonAnswer, methodNotAllowed, notFound, textAnswer } from '../answers.ts';
import { payloadFacts, payloadText, reducePayload } from '../kernels/payload.ts';
import { spin } from '../kernels/spin.ts';

/** What a server answers, before it is put on the wire. */
export interface Reply {
  readonly answer: ExpectedAnswer;
  /** Milliseconds to wait first. */
  readonly waitMilliseconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The parts of the reference server that a mutant replaces. Everything left out is right. */
export interface Mutation {
  readonly reply?: (right: Reply, request: IncomingMessage) => Reply;
  readonly readNumber?: (values: readonly string[], minimum: number, maximum: number) => number | null;
  readonly spin?: (steps: number) => string;
  readonly json?: (repeat: number) => string;
  readonly info?: Partial<Info> | ((right: Info) => unknown);
  readonly send?: (response: ServerResponse, reply: Reply, request: IncomingMessage) => void;
  readonly noDelay?: boolean;
  readonly setUp?: (server: Server) => void;
}

/** A server of the test kit that listens on a free port. */
export interface ReferenceServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly info: Info;
}

/** What the reference server says of itself. */
const rightInfo: Info = {
  runtime: 'node',
  version: process.versions.node,
  model: 'reference',
  nonce: 'nonce-of-the-trial',
  cores: 1,
  coresSeen: 1,
  processes: 1,
  threads: null,
  cpuPool: null,
  upstreamPool: null,
  databasePool: null,
  cpuWork: 'event-loop',
  server: 'node:http',
  eventLoop: 'libuv',
  gil: null,
  gc: 'V8',
  noDelay: true,
  keepAliveSeconds: 75,
  backlog: 4096,
  libraries: { json: 'V8 "JSON.parse"' },
};

/** Starts an in-process server that keeps the contract, but for the given mutation: the verifier is proved on both. */
export async function startReference(mutation: Mutation = {}): Promise<ReferenceServer> {
  const { reply = (right) => right, send = sendReply } = mutation;
  const route = routes(mutation);
  const server = createServer({ noDelay: mutation.noDelay ?? true, keepAliveTimeout: 75_000 }, (request, response) => {
    const answered = reply(route(request), request);
    setTimeout(() => send(response, answered, request), answered.waitMilliseconds ?? 0);
  });
  mutation.setUp?.(server);
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    info: rightInfo,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Puts a reply on the wire in one write. */
export function sendReply(response: ServerResponse, { answer, headers }: Reply): void {
  response.writeHead(answer.status, {
    'Content-Type': answer.contentType,
    'Content-Length': Buffer.byteLength(answer.body),
    ...headers,
  });
  response.end(answer.body);
}

/** A whole number in ASCII digits, given once. */
export function readDigits(values: readonly string[], minimum: number, maximum: number): number | null {
  const [value = '', ...further] = values;
  if (further.length > 0 || !/^[0-9]+$/.test(value)) return null;
  const number = Number(value);
  return number >= minimum && number <= maximum ? number : null;
}

function routes(mutation: Mutation): (request: IncomingMessage) => Reply {
  const { readNumber = readDigits, spin: spinKernel = spin, json = reduceTimes } = mutation;
  const numeric =
    (name: string, minimum: number, maximum: number, absent: number | null, answer: (value: number) => Reply) =>
    (query: string): Reply => {
      const values = valuesOf(query, name);
      const value = values.length === 0 ? absent : readNumber(values, minimum, maximum);
      return value === null ? { answer: badParameter(name) } : answer(value);
    };
  const endpoints: Readonly<Record<string, (query: string) => Reply>> = {
    '/health': () => ({ answer: textAnswer('ok') }),
    '/info': () => ({ answer: jsonAnswer(infoOf(mutation)) }),
    '/timer': numeric('ms', 0, 60_000, null, (ms) => ({ answer: jsonAnswer({ ms }), waitMilliseconds: ms + 1 })),
    '/cpu/spin': numeric('n', 1, 1e9, null, (n) => ({ answer: textAnswer(spinKernel(n)) })),
    '/cpu/json': numeric('repeat', 1, 100, 1, (repeat) => ({ answer: textAnswer(json(repeat)) })),
    '/fail': (query) => {
      const values = valuesOf(query, 'at');
      const isKnown = values.length === 1 && ['sync', 'await', 'callback'].includes(values[0] ?? '');
      return { answer: isKnown ? boom : badParameter('at') };
    },
  };
  return ({ method, url = '' }) => {
    const [path = '', ...rest] = url.split('?');
    const endpoint = Object.hasOwn(endpoints, path) ? endpoints[path] : undefined;
    if (endpoint === undefined) return { answer: notFound };
    if (method !== 'GET') return { answer: methodNotAllowed, headers: { Allow: 'GET' } };
    return endpoint(rest.join('?'));
  };
}

function valuesOf(query: string, name: string): string[] {
  const pairs = query.split('&').filter((pair) => pair === name || pair.startsWith(`${name}=`));
  return pairs.map((pair) => pair.slice(name.length + 1));
}

function infoOf({ info = {} }: Mutation): unknown {
  return typeof info === 'function' ? info(rightInfo) : { ...rightInfo, ...info };
}

let text: string | undefined;

/** The json kernel on the real payload, as often as told. */
function reduceTimes(repeat: number): string {
  text ??= payloadText();
  let line = '';
  for (let round = 0; round < repeat; round++) line = reducePayload(text);
  return line === payloadFacts.reduced ? line : 'the payload is damaged';
}
