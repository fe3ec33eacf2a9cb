import type { Socket } from 'node:net';
import { jsonAnswer } from '../../answers.ts';
import { sendReply } from '../reference-server.ts';
import { type Mutant, pathOf, withHeaders } from './mutant.ts';

/** Faults of failing. */
export const failMutants: readonly Mutant[] = [
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
