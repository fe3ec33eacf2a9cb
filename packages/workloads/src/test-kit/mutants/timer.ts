import { type Reply, sendReply } from '../reference-server.ts';
import type { Mutant } from './mutant.ts';

/** Faults of the timer. */
export const timerMutants: readonly Mutant[] = [
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
