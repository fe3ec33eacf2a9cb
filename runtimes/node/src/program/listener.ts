import { createServer, type ServerOptions } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { dispatch } from '../contract/dispatch.ts';
import type { Endpoint } from '../contract/endpoint.ts';
import { cannotListen } from './refusal.ts';

/** How connections are kept; the reasons stand in the tuning ledger of the README. Times in milliseconds. */
export const connectionOptions = {
  noDelay: true,
  keepAliveTimeout: 75_000,
  headersTimeout: 90_000,
} satisfies ServerOptions;

/** Connections the kernel may hold for us before they are accepted. */
export const backlog = 4096;

/** How long requests in flight may take to finish after a stop was asked for, milliseconds. */
export const stopDeadline = 5_000;

/** A server that listens. */
export interface Listener {
  readonly port: number;
  /** Accepts no more, closes idle connections, lets requests in flight finish within the deadline and cuts off the rest. */
  stop(): Promise<void>;
}

/** Listens and serves the endpoints. Throws a `Refusal` when the address cannot be had. */
export const listen = (host: string, port: number, endpoints: readonly Endpoint[]): Promise<Listener> => {
  let isStopping = false;
  const server = createServer(
    connectionOptions,
    dispatch(endpoints, () => isStopping),
  );
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      isStopping = true;
      server.close(() => resolve());
      // Node takes a connection that never asked anything for a busy one.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      setTimeout(() => server.closeAllConnections(), stopDeadline).unref();
    });

  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(host, port, error.message)));
    server.listen({ host, port, backlog }, () => {
      server.removeAllListeners('error');
      resolve({ port: (server.address() as AddressInfo).port, stop });
    });
  });
};
