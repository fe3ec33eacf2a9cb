import { lookup } from 'node:dns/promises';
import { connect, isIPv6 } from 'node:net';
import { EnvironmentError, UsageError } from '@photofinish/schema';

/** Where requests go: what the load core can be asked for. */
export interface LoadAddress {
  /** As it was given. */
  readonly url: string;
  /** Literal of IPv4 or IPv6. */
  readonly host: string;
  readonly port: number;
  /** What the `Host` header says: the name as it was given, and the port unless it is 80. */
  readonly authority: string;
  /** Path and query. */
  readonly path: string;
}

/**
 * Reads a URL and resolves its host, once: of several addresses the first that accepts a connection, those of IPv4 before those of IPv6. `http://`
 * may be left out, as wrk's relatives allow. Throws `UsageError` `E_URL` for what is none and `E_HTTPS` for TLS, which the load core does not speak,
 * and `EnvironmentError` `E_UNKNOWN_HOST` for a name without an address.
 */
export async function readAddress(text: string): Promise<LoadAddress> {
  const url = parsed(text);
  if (url.protocol === 'https:') {
    throw new UsageError('E_HTTPS', {
      what: 'The load generator speaks plain HTTP only.',
      given: text,
      allowed: 'http://',
      remedy: `Load the server behind its TLS proxy, as in http://${url.host}${url.pathname}; the cost of TLS is then not in the figures.`,
    });
  }
  if (url.protocol !== 'http:') throw notOne(text);
  const port = url.port === '' ? 80 : Number(url.port);
  return {
    url: url.href,
    host: await firstListening(await resolved(url.hostname), port),
    port,
    authority: url.host,
    path: `${url.pathname}${url.search}`,
  };
}

function parsed(text: string): URL {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (url === null || url.hostname === '') throw notOne(text);
  return url;
}

const notOne = (given: string) =>
  new UsageError('E_URL', {
    what: 'That is no URL of an HTTP server.',
    given,
    allowed: 'http://host[:port][/path][?query]',
    remedy: 'Write for instance http://127.0.0.1:8080/',
  });

async function resolved(name: string): Promise<string[]> {
  try {
    const found = await lookup(name.replace(/^\[|\]$/g, ''), { all: true, order: 'ipv4first' });
    return found.map(({ address }) => address);
  } catch (cause) {
    throw new EnvironmentError('E_UNKNOWN_HOST', {
      what: `${name} has no address here.`,
      given: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Give the address itself, as in http://127.0.0.1:8080/',
      cause,
    });
  }
}

/** How long an address may take to accept a connection before the next one is tried, milliseconds. */
const patienceMilliseconds = 3000;

/** The first of these addresses that accepts a connection; where none does, the first. One alone is not asked. */
export async function firstListening(addresses: readonly string[], port: number): Promise<string> {
  const [first = ''] = addresses;
  if (addresses.length <= 1) return first;
  for (const host of addresses) if (await accepts(host, port)) return host;
  return first;
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patienceMilliseconds });
    const end = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.on('connect', () => end(true));
    socket.on('timeout', () => end(false));
    socket.on('error', () => end(false));
  });
}

/** Address and port as one word: `127.0.0.1:8080`, `[::1]:8080`. */
export function endpointOf({ host, port }: Pick<LoadAddress, 'host' | 'port'>): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}
