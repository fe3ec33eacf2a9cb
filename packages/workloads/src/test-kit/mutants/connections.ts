import type { Mutant } from './mutant.ts';

/** Faults below the endpoints. */
export const connectionMutants: readonly Mutant[] = [
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
