import { gzipSync } from 'node:zlib';
import { sendReply } from '../reference-server.ts';
import { type Mutant, withAnswer, withHeaders } from './mutant.ts';

/** Faults of what every answer has: body, status, header lines. */
export const answerMutants: readonly Mutant[] = [
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
