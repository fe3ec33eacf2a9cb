import { lookup } from 'node:dns/promises';
import { EnvironmentError, UsageError } from '@photofinish/schema';

/** Where requests go: what the load core can be asked for. */
export interface LoadAddress {
  /** As it was given. */
  readonly url: string;
  /** IPv4 literal. */
  readonly host: string;
  readonly port: number;
  /** What the `Host` header says: the name as it was given, and the port unless it is 80. */
  readonly authority: string;
  /** Path and query. */
  readonly path: string;
}

/**
 * Reads a URL and resolves its host. `http://` may be left out, as wrk's relatives allow. Throws `UsageError` `E_URL` for what is none and
 * `E_HTTPS` for TLS, which the load core does not speak, and `EnvironmentError` `E_UNKNOWN_HOST` for a name without an IPv4 address.
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
  return {
    url: url.href,
    host: await resolved(url.hostname),
    port: url.port === '' ? 80 : Number(url.port),
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

async function resolved(name: string): Promise<string> {
  try {
    const { address, family } = await lookup(name.replace(/^\[|\]$/g, ''), { family: 4 });
    if (family === 4) return address;
    throw new TypeError(`${address} is an address of IPv${family}`);
  } catch (cause) {
    throw new EnvironmentError('E_UNKNOWN_HOST', {
      what: `${name} has no IPv4 address here.`,
      given: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Give the address itself, as in http://127.0.0.1:8080/',
      cause,
    });
  }
}
