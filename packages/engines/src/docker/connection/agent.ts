import http from 'node:http';
import https from 'node:https';
import type { Certificates } from './certificates.ts';

/** Connections at once for short requests: an engine is not flooded, however much is asked for. */
const atOnce = 4;

/** What Node's `http.request` asks of an agent; the method is not in its types. */
interface RequestAgent {
  addRequest(request: http.ClientRequest, options: object): void;
}

/** Requests whose answer lasts: each has a connection of its own, so that they never use up the pool. */
const lasting = /\/(attach|wait|events|logs|start|stop|build|get|load|stats|archive)(\?|$)/;

/**
 * An agent with at most four connections at once for short requests, and as many as needed for those that last (attached streams, waits, events,
 * logs, builds). With certificates it speaks TLS 1.2 or newer and checks the server's name and authority, whatever the environment says.
 */
export function engineAgent(certificates: Certificates | null) {
  const tls =
    certificates === null ? null : { ...certificates, minVersion: 'TLSv1.2' as const, rejectUnauthorized: true };
  const make = (options: http.AgentOptions) =>
    tls === null ? new http.Agent(options) : new https.Agent({ ...options, ...tls });
  // Each request has a connection of its own: one that was kept would still be answered by a daemon that is going down (seen with 20.10).
  const pool = make({ keepAlive: false, maxSockets: atOnce });
  const streams = make({ keepAlive: false });
  const agent = {
    protocol: tls === null ? 'http:' : 'https:',
    defaultPort: tls === null ? 80 : 443,
    addRequest(request: http.ClientRequest, options: object) {
      const chosen = lasting.test(request.path) || request.hasHeader('upgrade') ? streams : pool;
      (chosen as unknown as RequestAgent).addRequest(request, options);
    },
  };
  return {
    agent: agent as unknown as http.Agent,
    /** Closes every connection, attached streams included. */
    close() {
      pool.destroy();
      streams.destroy();
    },
  };
}
