import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { ExpectedAnswer, Info } from '@photofinish/schema';
import { badParameter, jsonAnswer, methodNotAllowed, notFound, textAnswer } from '../answers.ts';
import { payloadFacts } from '../kernels/payload.ts';
import { spin } from '../kernels/spin.ts';
import type { Endpoint } from '../workload.ts';
import { type Mutation, type Reply, readDigits, sendReply } from './reference-server.ts';

/** A server with one fault, and the cases that must find it. */
export interface Mutant {
  readonly fault: string;
  readonly endpoints: readonly Endpoint[];
  readonly caughtBy: readonly string[];
  /** Made anew for each server, as some remember what they saw. */
  readonly mutation: () => Mutation;
}

const withHeaders = (right: Reply, headers: Readonly<Record<string, string>>): Reply => ({
  ...right,
  headers: { ...right.headers, ...headers },
});

const withAnswer = (right: Reply, change: (answer: ExpectedAnswer) => Partial<ExpectedAnswer>): Reply => ({
  ...right,
  answer: { ...right.answer, ...change(right.answer) },
});

const pathOf = ({ url = '' }: IncomingMessage) => url.split('?')[0] ?? '';

/** Faults of what every answer has: body, status, header lines. */
const answerMutants: readonly Mutant[] = [
  {
    fault: 'one wrong byte in a body',
    endpoints: ['/health', '/timer'],
    caughtBy: ['health-ok', 'timer-waits', 'timer-ms-least', 'timer-ms-empty'],
    mutation: () => ({ reply: (right) => withAnswer(right, ({ body }) => ({ body: `${body.slice(0, -1)}?` })) }),
  },
  {
    fault: 'a space in its JSON',
    endpoints: ['/timer', '*'],
    caughtBy: ['timer-waits', 'timer-ms-letters', 'path-unknown'],
    mutation: () => ({ reply: (right) => withAnswer(right, ({ body }) => ({ body: body.replace(':', ': ') })) }),
  },
  {
    fault: 'a Server header on errors only',
    endpoints: ['*', '/fail', '/timer'],
    caughtBy: ['path-unknown', 'method-post', 'fail-sync', 'timer-ms-minus'],
    mutation: () => ({ reply: (right) => (right.answer.status === 200 ? right : withHeaders(right, { Server: 'x' })) }),
  },
  {
    fault: 'no charset',
    endpoints: ['/health', '/cpu/spin'],
    caughtBy: ['health-ok', 'cpu-spin-2'],
    mutation: () => ({
      reply: (right) => withAnswer(right, ({ contentType }) => ({ contentType: contentType.replace(/;.*/, '') })),
    }),
  },
  {
    fault: 'a charset on JSON',
    endpoints: ['/info', '/timer'],
    caughtBy: ['info-schema', 'timer-waits'],
    mutation: () => ({
      reply: (right) =>
        withAnswer(right, ({ contentType }) => ({
          contentType: contentType.replace(/^(application\/json)$/, '$1; charset=utf-8'),
        })),
    }),
  },
  {
    fault: 'no Content-Length',
    endpoints: ['/health', '/timer', '/info'],
    caughtBy: ['health-ok', 'timer-waits', 'info-schema'],
    mutation: () => ({
      send: (response, { answer, headers }) => {
        response.writeHead(answer.status, { 'Content-Type': answer.contentType, ...headers });
        response.write(answer.body);
        response.end();
      },
    }),
  },
  {
    fault: 'compressed answers for those who take them',
    endpoints: ['*'],
    caughtBy: ['not-compressed'],
    mutation: () => ({
      send: (response, reply, request) => {
        if (!request.headers['accept-encoding']?.includes('gzip')) return sendReply(response, reply);
        const body = gzipSync(reply.answer.body);
        const headers = { 'Content-Type': reply.answer.contentType, 'Content-Length': body.length };
        response.writeHead(reply.answer.status, { ...headers, 'Content-Encoding': 'gzip' }).end(body);
      },
    }),
  },
];

/** Faults of paths and methods. */
const routingMutants: readonly Mutant[] = [
  {
    fault: 'HEAD answered like GET',
    endpoints: ['*'],
    caughtBy: ['methods-of-health', 'methods-of-timer', 'head-before-parameters'],
    mutation: () => ({
      reply: (right, { method }) => (method === 'HEAD' ? { answer: textAnswer('ok') } : right),
    }),
  },
  {
    fault: 'a body sent to HEAD',
    endpoints: ['*'],
    caughtBy: ['methods-of-health', 'methods-of-info', 'methods-of-cpu-json', 'methods-of-cpu-spin', 'methods-of-fail'],
    mutation: () => ({
      send: (response, reply, request) => {
        const { socket } = request;
        if (request.method === 'HEAD') response.once('finish', () => socket.write(reply.answer.body));
        sendReply(response, reply);
      },
    }),
  },
  {
    fault: 'a wrong Allow',
    endpoints: ['*'],
    caughtBy: ['method-post', 'method-put', 'method-delete', 'method-patch', 'method-options', 'methods-of-info'],
    mutation: () => ({
      reply: (right) => (right.answer.status === 405 ? withHeaders(right, { Allow: 'GET, HEAD' }) : right),
    }),
  },
  {
    fault: 'no Allow',
    endpoints: ['*'],
    caughtBy: ['method-post', 'methods-of-timer'],
    mutation: () => ({ reply: ({ answer }) => ({ answer }) }),
  },
  {
    fault: 'the method judged before the path',
    endpoints: ['*'],
    caughtBy: ['path-before-method', 'path-before-head'],
    mutation: () => ({
      reply: (right, { method }) =>
        method === 'GET' ? right : { answer: methodNotAllowed, headers: { Allow: 'GET' } },
    }),
  },
  {
    fault: 'parameters judged before the method',
    endpoints: ['*'],
    caughtBy: ['method-before-parameters', 'head-before-parameters'],
    mutation: () => ({
      reply: (right, { url = '' }) => {
        if (url === '/timer?ms=x') return { answer: badParameter('ms') };
        return url === '/cpu/spin' ? { answer: badParameter('n') } : right;
      },
    }),
  },
  {
    fault: 'paths compared without regard to case and slashes at the end',
    endpoints: ['*'],
    caughtBy: ['path-trailing-slash', 'path-other-case', 'path-inner-slash'],
    mutation: () => ({
      reply: (right, request) =>
        /^\/(timer|cpu\/spin)\/?$/i.test(pathOf(request)) && right.answer.status === 404
          ? { answer: jsonAnswer({ ms: 5 }) }
          : right,
    }),
  },
  {
    fault: 'paths compared by their beginning',
    endpoints: ['*'],
    caughtBy: ['path-longer', 'path-below'],
    mutation: () => ({
      reply: (right, request) => (pathOf(request).startsWith('/health') ? { answer: textAnswer('ok') } : right),
    }),
  },
  {
    fault: 'its own text for unknown paths',
    endpoints: ['*'],
    caughtBy: [
      'path-root',
      'path-unknown',
      'path-with-query',
      'path-shorter',
      'connection-many-requests',
      'prompt-error',
    ],
    mutation: () => ({
      reply: (right) =>
        right.answer.body === notFound.body ? { answer: { ...textAnswer('Not Found'), status: 404 } } : right,
    }),
  },
];

const numbers = (read: (value: string) => number): Mutation => ({
  readNumber: (values, minimum, maximum) => {
    const number = read(values.at(0) ?? '');
    return values.length === 1 && number >= minimum && number <= maximum ? number : null;
  },
});

const decoded = (value: string) => decodeURIComponent(value.replaceAll('+', ' '));

/** Faults in the reading of numbers, each a habit of some language. */
const numberMutants: readonly Mutant[] = [
  {
    fault: 'numbers read as a script converts them',
    endpoints: ['/timer', '/cpu/json'],
    caughtBy: [
      ...['plus', 'minus-zero', 'point', 'point-only', 'exponent', 'hexadecimal', 'empty'].map(
        (id) => `timer-ms-${id}`,
      ),
      'cpu-json-repeat-plus',
    ],
    mutation: () => numbers(Number),
  },
  {
    fault: 'numbers read up to the first character that is none',
    endpoints: ['/timer'],
    caughtBy: [
      'suffix',
      'point',
      'comma',
      'separator',
      'plus-after',
      'space-after',
      'semicolon',
      'newline-after',
      'nul-after',
    ].map((id) => `timer-ms-${id}`),
    mutation: () => numbers((value) => Number.parseInt(value, 10)),
  },
  {
    fault: 'escapes undone before the digits are looked at',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-escaped-digit'],
    mutation: () =>
      numbers((value) => (/^%3\d$/.test(value) ? Number(decoded(value)) : (readDigits([value], 0, 1e9) ?? -1))),
  },
  {
    fault: 'spaces trimmed',
    endpoints: ['/timer'],
    caughtBy: ['space-before', 'space-after', 'plus-after'].map((id) => `timer-ms-${id}`),
    mutation: () => numbers((value) => readDigits([value.replace(/^(%20)+|(%20|\+)+$/g, '')], 0, 1e9) ?? -1),
  },
  {
    fault: 'a pattern whose end also matches before a newline',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-newline-after'],
    mutation: () => numbers((value) => readDigits([value.replace(/%0A$/, '')], 0, 1e9) ?? -1),
  },
  {
    fault: 'a sign allowed',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-plus', 'timer-ms-minus-zero', 'timer-ms-plus-escaped'],
    mutation: () => numbers((value) => readDigits([value.replace(/^(\+|-|%2B)/, '')], 0, 1e9) ?? -1),
  },
  {
    fault: 'the absolute value taken',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-minus'],
    mutation: () => numbers((value) => readDigits([value.replace(/^-/, '')], 0, 1e9) ?? -1),
  },
  {
    fault: 'underscores between digits, and digits of every script',
    endpoints: ['/timer'],
    caughtBy: ['separator', 'arabic-digit', 'fullwidth-digit'].map((id) => `timer-ms-${id}`),
    mutation: () =>
      numbers((value) => {
        if (/^\p{Nd}$/u.test(value.includes('%') ? decodeSafely(value) : '')) return 5;
        return readDigits([value.replaceAll('_', '')], 0, 1e9) ?? -1;
      }),
  },
  {
    fault: 'a superscript taken for a digit',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-superscript'],
    mutation: () => numbers((value) => readDigits([value.replace('%C2%B2', '2')], 0, 1e9) ?? -1),
  },
  {
    fault: '32-bit overflow',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-wraps-32', 'timer-ms-wraps-64'],
    mutation: () => numbers((value) => (/^\d{1,30}$/.test(value) ? Number(BigInt.asUintN(32, BigInt(value))) : -1)),
  },
  {
    fault: '64-bit overflow, and infinity for long numbers taken for the limit',
    endpoints: ['/cpu/spin'],
    caughtBy: ['cpu-spin-n-wraps-64', 'cpu-spin-n-past-double', 'cpu-spin-n-very-long', 'cpu-spin-n-infinity'],
    mutation: () =>
      numbers((value) => {
        if (value === 'Infinity' || /^\d{31,}$/.test(value)) return 1000;
        return /^\d+$/.test(value) ? Number(BigInt.asUintN(64, BigInt(value))) : -1;
      }),
  },
  {
    fault: 'no limits',
    endpoints: ['/cpu/spin', '/cpu/json'],
    caughtBy: ['cpu-spin-n-below', 'cpu-json-repeat-below', 'cpu-json-repeat-above', 'cpu-spin-n-above'],
    mutation: () => ({
      readNumber: (values) => readDigits(values, 0, 1e12),
      spin: (steps) => spin(Math.min(steps, 5_000_000)),
      json: () => payloadFacts.reduced,
    }),
  },
  {
    fault: 'limits that are not included',
    endpoints: ['/timer', '/cpu/spin', '/cpu/json'],
    caughtBy: ['timer-ms-least', 'cpu-spin-n-least', 'cpu-json-repeat-least'],
    mutation: () => ({ readNumber: (values, minimum, maximum) => readDigits(values, minimum + 1, maximum) }),
  },
  {
    fault: 'limits one too wide above',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-above'],
    mutation: () => ({
      readNumber: (values, minimum, maximum) =>
        values[0] === String(maximum + 1) ? 5 : readDigits(values, minimum, maximum),
    }),
  },
  {
    fault: 'leading zeros refused',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-leading-zeros', 'timer-ms-many-leading-zeros'],
    mutation: () => ({
      readNumber: (values, minimum, maximum) =>
        /^0\d/.test(values[0] ?? '') ? null : readDigits(values, minimum, maximum),
    }),
  },
  {
    fault: 'the first of repeated parameters taken',
    endpoints: ['/timer'],
    caughtBy: ['timer-ms-repeated', 'timer-ms-repeated-apart', 'timer-ms-good-then-bad'],
    mutation: () => ({ readNumber: (values, minimum, maximum) => readDigits(values.slice(0, 1), minimum, maximum) }),
  },
  {
    fault: 'bad numbers taken for the default',
    endpoints: ['/cpu/json', '/timer'],
    caughtBy: ['cpu-json-repeat-letters', 'cpu-json-repeat-bare', 'timer-ms-letters', 'timer-ms-drawn-1'],
    mutation: () => ({ readNumber: (values, minimum, maximum) => readDigits(values, minimum, maximum) ?? 1 }),
  },
  {
    fault: 'a default for a parameter that has none, and none for the one that has',
    endpoints: ['/timer', '/cpu/json'],
    caughtBy: ['timer-ms-missing', 'cpu-json-repeat-missing', 'cpu-json-golden'],
    mutation: () => ({
      reply: (right, { url = '' }) => {
        if (url === '/timer?other=1') return { answer: jsonAnswer({ ms: 0 }) };
        return url.startsWith('/cpu/json') && !url.includes('repeat=') ? { answer: badParameter('repeat') } : right;
      },
    }),
  },
  {
    fault: 'unknown parameters refused',
    endpoints: ['/timer', '/health', '/fail'],
    caughtBy: [
      'timer-ms-unknown-parameters',
      'timer-ms-unknown-malformed',
      'health-unknown-parameters',
      'fail-unknown-parameters',
    ],
    mutation: () => ({
      reply: (right, { url = '' }) => (/[?&](other|n|AT)=/.test(url) ? { answer: badParameter('other') } : right),
    }),
  },
  {
    fault: 'names of parameters compared without regard to case',
    endpoints: ['/timer', '/fail'],
    caughtBy: ['timer-ms-other-case', 'fail-unknown-parameters'],
    mutation: () => ({
      reply: (right, { url = '' }) => (/[?&](MS|AT)=/.test(url) ? { answer: badParameter('ms') } : right),
    }),
  },
  {
    fault: 'a query that is empty or has empty pairs refused',
    endpoints: ['/timer', '/health'],
    caughtBy: ['timer-ms-empty-pairs', 'health-empty-query'],
    mutation: () => ({
      reply: (right, { url = '' }) => (/[?&]($|&)/.test(url) ? { answer: badParameter('') } : right),
    }),
  },
];

function decodeSafely(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Faults of the timer. */
const timerMutants: readonly Mutant[] = [
  {
    fault: 'the wait skipped',
    endpoints: ['/timer'],
    caughtBy: ['timer-waits', 'timer-parallel'],
    mutation: () => ({ reply: ({ answer }) => ({ answer }) }),
  },
  {
    fault: 'one wait after another',
    endpoints: ['/timer'],
    caughtBy: ['timer-parallel'],
    mutation: () => {
      let free = 0;
      return {
        reply: (right) => {
          free = Math.max(free, performance.now()) + (right.waitMilliseconds ?? 0);
          return { ...right, waitMilliseconds: Math.max(0, free - performance.now()) };
        },
      };
    },
  },
  {
    fault: 'the number of the latest request given to all that wait',
    endpoints: ['/timer'],
    caughtBy: ['timer-parallel'],
    mutation: () => {
      let latest: Reply | undefined;
      return {
        reply: (right) => {
          if (right.answer.status === 200) latest = right;
          return right;
        },
        send: (response, reply) => sendReply(response, reply.answer.status === 200 && latest ? latest : reply),
      };
    },
  },
  {
    fault: 'no survival of a client that hangs up',
    endpoints: ['/timer'],
    caughtBy: ['timer-hang-up'],
    mutation: () => ({
      setUp: (server) =>
        server.on('request', (_request, response) => {
          response.once('close', () => {
            if (!response.writableFinished) server.closeAllConnections();
          });
        }),
    }),
  },
];

/** Faults of the kernels. */
const kernelMutants: readonly Mutant[] = [
  {
    fault: 'a table of golden values',
    endpoints: ['/cpu/spin'],
    caughtBy: [
      'cpu-spin-drawn-1',
      'cpu-spin-drawn-2',
      'cpu-spin-drawn-3',
      'cpu-spin-parallel',
      'cpu-spin-2',
      'cpu-spin-3',
    ],
    mutation: () => ({ spin: (steps) => (steps >= 5_000_000 ? spin(steps) : '6648fc4f') }),
  },
  {
    fault: 'one step too many',
    endpoints: ['/cpu/spin'],
    caughtBy: ['cpu-spin-golden', 'cpu-spin-2', 'cpu-spin-n-least', 'cpu-spin-computed'],
    mutation: () => ({ spin: (steps) => spin(steps + 1) }),
  },
  {
    fault: 'results remembered',
    endpoints: ['/cpu/spin', '/cpu/json'],
    caughtBy: ['cpu-spin-computed', 'cpu-json-computed'],
    mutation: () => {
      const remembered = new Map<number, string>();
      return {
        spin: (steps) => {
          const result = remembered.get(steps) ?? spin(steps);
          remembered.set(steps, result);
          return result;
        },
        json: () => payloadFacts.reduced,
      };
    },
  },
  {
    fault: 'bytes counted instead of characters',
    endpoints: ['/cpu/json'],
    caughtBy: ['cpu-json-golden', 'cpu-json-repeated', 'cpu-json-parallel'],
    mutation: () => ({ json: () => payloadFacts.reduced.replace('428890', '448890') }),
  },
  {
    fault: 'sums carried over from one round to the next',
    endpoints: ['/cpu/json'],
    caughtBy: ['cpu-json-repeated'],
    mutation: () => ({
      json: (repeat) => (repeat > 1 ? payloadFacts.reduced.replace('20000', '40000') : payloadFacts.reduced),
    }),
  },
];

/** Faults of failing. */
const failMutants: readonly Mutant[] = [
  {
    fault: 'a failure that closes the connection',
    endpoints: ['/fail'],
    caughtBy: ['fail-sync', 'fail-await', 'fail-callback'],
    mutation: () => ({
      reply: (right) => (right.answer.status === 500 ? withHeaders(right, { Connection: 'close' }) : right),
    }),
  },
  {
    fault: 'a failure that closes the connection without saying so',
    endpoints: ['/fail'],
    caughtBy: ['fail-sync', 'fail-await', 'fail-callback'],
    mutation: () => ({
      send: (response, reply, request) => {
        const { socket } = request;
        if (reply.answer.status === 500) response.once('finish', () => socket.destroySoon());
        sendReply(response, reply);
      },
    }),
  },
  {
    fault: 'a failure that ends the process, which is started anew at once',
    endpoints: ['/fail'],
    caughtBy: ['fail-process-lives'],
    mutation: () => {
      const sockets = new Set<Socket>();
      return {
        setUp: (server) => server.on('connection', (socket) => sockets.add(socket)),
        send: (response, reply, request) => {
          if (reply.answer.status === 500)
            for (const socket of sockets) if (socket !== request.socket) socket.destroy();
          sendReply(response, reply);
        },
      };
    },
  },
  {
    fault: 'no care for where to fail',
    endpoints: ['/fail'],
    caughtBy: ['missing', 'empty', 'unknown', 'other-case', 'longer', 'repeated'].map((id) => `fail-at-${id}`),
    mutation: () => ({
      reply: (right, request) => (pathOf(request) === '/fail' ? { answer: jsonAnswer({ error: 'boom' }, 500) } : right),
    }),
  },
];

const infoMutant = (
  fault: string,
  caughtBy: readonly string[],
  info: Partial<Info> | ((right: Info) => unknown),
): Mutant => ({
  fault,
  endpoints: ['/info'],
  caughtBy,
  mutation: () => ({ info }),
});

/** Faults of what a server says of itself. */
const infoMutants: readonly Mutant[] = [
  infoMutant('the nonce of another trial', ['info-plan'], { nonce: 'of another trial' }),
  infoMutant('another model', ['info-plan'], { model: 'another' }),
  infoMutant('another number of cores', ['info-plan'], { cores: 2 }),
  infoMutant('a thread pool where there is none', ['info-plan'], { threads: 4 }),
  infoMutant('the algorithm of Nagle on', ['info-no-delay'], { noDelay: false }),
  infoMutant('a short life of idle connections', ['info-keep-alive'], { keepAliveSeconds: 5 }),
  infoMutant('a small backlog', ['info-backlog'], { backlog: 511 }),
  infoMutant('a field nobody knows', ['info-schema', 'info-text'], (right) => ({ ...right, extra: 1 })),
  infoMutant('a field left out', ['info-schema', 'info-text'], ({ gil: _, ...rest }) => rest),
  infoMutant('another order of fields', ['info-text'], (right) => Object.fromEntries(Object.entries(right).reverse())),
  {
    fault: 'spaces in its account of itself',
    endpoints: ['/info'],
    caughtBy: ['info-text'],
    mutation: () => ({ reply: (right) => withAnswer(right, ({ body }) => ({ body: body.replaceAll(',', ', ') })) }),
  },
  {
    fault: 'no JSON in its account of itself',
    endpoints: ['/info'],
    caughtBy: ['info-schema', 'info-text', 'info-plan'],
    mutation: () => ({ reply: (right) => withAnswer(right, () => ({ body: 'fine' })) }),
  },
];

/** Faults below the endpoints. */
const connectionMutants: readonly Mutant[] = [
  {
    fault: 'head and body in two writes with the algorithm of Nagle on',
    endpoints: ['*'],
    caughtBy: ['prompt-health', 'prompt-timer', 'prompt-error'],
    mutation: () => ({
      noDelay: false,
      send: (response, { answer, headers }) => {
        response.writeHead(answer.status, {
          'Content-Type': answer.contentType,
          'Content-Length': Buffer.byteLength(answer.body),
          ...headers,
        });
        response.flushHeaders();
        setTimeout(() => response.end(answer.body), 1);
      },
    }),
  },
  {
    fault: 'room for few connections',
    endpoints: ['*'],
    caughtBy: ['connection-burst'],
    mutation: () => ({
      setUp: (server) => {
        server.maxConnections = 10;
      },
    }),
  },
  {
    fault: 'a limit of requests on one connection',
    endpoints: ['*'],
    caughtBy: ['connection-many-requests'],
    mutation: () => ({
      setUp: (server) => {
        server.maxRequestsPerSocket = 40;
      },
    }),
  },
  {
    fault: 'no survival of bytes that are no HTTP',
    endpoints: ['*'],
    caughtBy: ['survives-nonsense'],
    mutation: () => ({
      setUp: (server) =>
        server.once('clientError', () => {
          server.close();
          server.closeAllConnections();
        }),
    }),
  },
];

/** One deliberate fault each: the proof that the verifier bites. */
export const mutants: readonly Mutant[] = [
  ...answerMutants,
  ...routingMutants,
  ...numberMutants,
  ...timerMutants,
  ...kernelMutants,
  ...failMutants,
  ...infoMutants,
  ...connectionMutants,
];
