import { join } from 'node:path';
import { EnvironmentError } from '@photofinish/schema';

/** What decides which engine is spoken to: the values of the environment, never read here. */
export interface ConnectionOptions {
  /** `DOCKER_HOST`, `DOCKER_TLS_VERIFY`, `DOCKER_CERT_PATH`, `XDG_RUNTIME_DIR`; for ssh also `PATH`, `HOME` and `SSH_AUTH_SOCK`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Home folder of the user: certificates are looked for in its `.docker` where `DOCKER_CERT_PATH` is not set. */
  readonly home: string;
  /** Address that comes before `DOCKER_HOST`. */
  readonly dockerHost?: string;
}

/** Where an engine listens, and what is needed to speak to it. */
export type Endpoint =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'tls'; readonly host: string; readonly port: number; readonly certificates: string }
  | {
      readonly kind: 'ssh';
      /** `user@host` or `host`, as ssh(1) takes it. */
      readonly destination: string;
      readonly port: number | null;
      /** Socket of the engine on that machine. */
      readonly socket: string;
    };

const defaultSocket = '/var/run/docker.sock';
const tlsPort = 2376;

/** The endpoints to try, in order: the one that was asked for alone, else the usual sockets. Throws `EnvironmentError` `E_ENGINE_ADDRESS`. */
export function endpoints(options: ConnectionOptions): Endpoint[] {
  const asked = options.dockerHost ?? options.environment.DOCKER_HOST;
  if (asked !== undefined && asked !== '') return [parseEndpoint(asked, options)];
  const runtimeFolder = options.environment.XDG_RUNTIME_DIR;
  const ofUser = runtimeFolder
    ? [join(runtimeFolder, 'docker.sock'), join(runtimeFolder, 'podman', 'podman.sock')]
    : [];
  return [defaultSocket, ...ofUser, '/run/podman/podman.sock'].map((path) => ({ kind: 'unix', path }));
}

/** An endpoint as one writes it in `DOCKER_HOST`. */
export function endpointText(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case 'unix':
      return `unix://${endpoint.path}`;
    case 'tcp':
    case 'tls':
      return `tcp://${bracketed(endpoint.host)}:${endpoint.port}`;
    case 'ssh':
      return `ssh://${endpoint.destination}${endpoint.port === null ? '' : `:${endpoint.port}`}${endpoint.socket}`;
  }
}

const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host);

function parseEndpoint(text: string, options: ConnectionOptions): Endpoint {
  const scheme = /^([a-z]+):\/\//.exec(text)?.[1];
  const rest = text.slice((scheme?.length ?? 0) + 3);
  switch (scheme) {
    case 'unix':
      return { kind: 'unix', path: rest === '' ? defaultSocket : rest };
    case 'tcp':
      return parseTcp(text, rest, options);
    case 'ssh':
      return parseSsh(text, rest);
    default:
      throw addressError(text, 'The address of the container engine cannot be read.');
  }
}

function parseTcp(text: string, rest: string, options: ConnectionOptions): Endpoint {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9][\w.-]*))(?::(\d{1,5}))?\/?$/.exec(rest);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) throw addressError(text, 'The address of the container engine cannot be read.');
  const secure = (options.environment.DOCKER_TLS_VERIFY ?? '') !== '';
  const port = match?.[3] === undefined ? (secure ? tlsPort : 2375) : Number(match[3]);
  if (secure) {
    const certificates = options.environment.DOCKER_CERT_PATH || join(options.home, '.docker');
    return { kind: 'tls', host, port, certificates };
  }
  if (isLoopback(host)) return { kind: 'tcp', host, port };
  throw new EnvironmentError('E_ENGINE_PLAINTEXT', {
    what: 'The container engine of another machine is only spoken to over TLS or ssh: whoever reaches a plain port is root there.',
    where: 'DOCKER_HOST',
    given: text,
    allowed: 'tcp:// with DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or ssh://user@host',
    remedy: `Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem, or use ssh://${bracketed(host)}.`,
  });
}

/** No blank and no leading hyphen: neither reaches ssh as an option. */
const sshAddress =
  /^(?:([A-Za-z0-9_][\w.-]*)@)?(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9_][\w.-]*))(?::(\d{1,5}))?(\/[\w./@+-]*)?$/;

function parseSsh(text: string, rest: string): Endpoint {
  const match = sshAddress.exec(rest);
  const host = match?.[2] ?? match?.[3];
  if (match === null || host === undefined)
    throw addressError(text, 'The ssh address of the container engine cannot be read.');
  const [, user, , , port, socket] = match;
  return {
    kind: 'ssh',
    destination: user === undefined ? host : `${user}@${host}`,
    port: port === undefined ? null : Number(port),
    socket: socket === undefined || socket === '/' ? defaultSocket : socket,
  };
}

/** Whether an address never leaves this machine (RFC 1122 3.2.1.3, RFC 4291 2.5.3). */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function addressError(given: string, what: string): EnvironmentError {
  return new EnvironmentError('E_ENGINE_ADDRESS', {
    what,
    where: 'DOCKER_HOST',
    given,
    allowed: 'unix:///path/of.sock, tcp://host:2376, ssh://[user@]host[:port][/path/of.sock]',
    remedy: 'Correct DOCKER_HOST, or unset it to use the engine of this machine.',
  });
}
