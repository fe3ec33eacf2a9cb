import { type EngineAccount, EnvironmentError, type Seconds, seconds } from '@photofinish/schema';
import Dockerode from 'dockerode';
import { timely } from '../calls.ts';
import { engineAgent } from './agent.ts';
import { readCertificates } from './certificates.ts';
import { accountOf, describeEngineAt, type EngineDescription, isThisMachine } from './description.ts';
import { type ConnectionOptions, type Endpoint, endpoints, endpointText } from './endpoint.ts';
import { engineRefusal } from './refusal.ts';
import { roundTrip } from './round-trip.ts';
import { openTunnel } from './tunnel.ts';

/** A container engine that answered. Everything that speaks to it goes through `client`. */
export interface DockerConnection {
  readonly client: Dockerode;
  /** Whether the engine runs on this machine, so that its processes and control groups can be read here. */
  readonly local: boolean;
  /** Address under which published ports of its machine are reached: `127.0.0.1` when local. */
  readonly host: string;
  /** The address that was connected to, as in `DOCKER_HOST`. */
  readonly endpoint: string;
  /** What was connected with; whoever must connect again later uses these and `endpoint`. */
  readonly options: ConnectionOptions;
  /** What the engine said of itself when the connection was made. */
  readonly description: EngineDescription;
  /** What the engine is, with the round trip to its machine, which the first call measures. */
  account(): Promise<EngineAccount>;
  /** Ends every connection, attached streams included, and the ssh process where there is one. */
  close(): Promise<void>;
}

/** Where to dial, once certificates are read or the tunnel stands. */
interface Dialled {
  readonly dockerode: Dockerode.DockerOptions;
  readonly agent: ReturnType<typeof engineAgent>;
  /** The other machine and a port of it that answers; null behind a socket of this one. */
  readonly remote: { readonly host: string; readonly port: number } | null;
  readonly hangUp: () => Promise<void>;
}

/** A daemon that was halted accepts connections and never answers; an address behind a firewall does not even that. */
const usualPatience = seconds(15);

/**
 * Connects to the engine that the environment names, or else to the first usual socket that answers: Docker, Docker without root, Podman.
 * Throws `EnvironmentError`: `E_ENGINE_ADDRESS`, `E_ENGINE_PLAINTEXT`, `E_ENGINE_CERTIFICATE`, `E_ENGINE_TLS`, `E_ENGINE_SSH`, `E_ENGINE_PERMISSION`,
 * `E_ENGINE_UNREACHABLE`.
 */
export async function connectDocker(
  options: ConnectionOptions,
  answerWithin: Seconds = usualPatience,
): Promise<DockerConnection> {
  const refusals: EnvironmentError[] = [];
  for (const endpoint of endpoints(options)) {
    try {
      return await connectTo(endpoint, options, answerWithin);
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      refusals.push(error);
    }
  }
  throw mostTelling(refusals);
}

/** One that exists and refuses says more than one that does not exist. */
function mostTelling(refusals: readonly EnvironmentError[]): EnvironmentError {
  const [first] = refusals;
  const found = refusals.find((refusal) => (refusal.cause as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT');
  if (first === undefined) throw new TypeError('there is always an endpoint to try');
  if (found !== undefined || refusals.length === 1) return found ?? first;
  return new EnvironmentError(first.code, {
    what: first.what,
    remedy: first.remedy,
    where: refusals.map((refusal) => refusal.where).join(', '),
  });
}

async function connectTo(
  endpoint: Endpoint,
  options: ConnectionOptions,
  answerWithin: Seconds,
): Promise<DockerConnection> {
  const dialled = await dial(endpoint, options);
  const client = new Dockerode({
    ...untouchedByEnvironment,
    ...dialled.dockerode,
    ...({ agent: dialled.agent.agent } as object),
  });
  const { remote } = dialled;
  let trip: Promise<number | null> | null = null;
  try {
    const description = await timely(() => describeEngineAt(client), answerWithin);
    const local = endpoint.kind === 'unix' && (await isThisMachine(description));
    return {
      client,
      local,
      host: remote === null ? '127.0.0.1' : remote.host,
      endpoint: endpointText(endpoint),
      options,
      description,
      async account() {
        trip ??= remote === null ? Promise.resolve(null) : roundTrip(remote.host, remote.port);
        return accountOf(description, await trip);
      },
      close: dialled.hangUp,
    };
  } catch (error) {
    await dialled.hangUp();
    throw engineRefusal(error, endpoint);
  }
}

/** dockerode would fill what is absent from the process's own environment; what is here and undefined it leaves alone. */
const untouchedByEnvironment = {
  protocol: 'http' as const,
  host: undefined,
  port: undefined,
  socketPath: undefined,
  username: undefined,
  timeout: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
  pathPrefix: '/',
};

async function dial(endpoint: Endpoint, options: ConnectionOptions): Promise<Dialled> {
  if (endpoint.kind === 'ssh') {
    const tunnel = await openTunnel(endpoint, options.environment);
    const agent = engineAgent(null);
    const hangUp = async () => {
      agent.close();
      await tunnel.close();
    };
    return { dockerode: { socketPath: tunnel.socket }, agent, remote: tunnel, hangUp };
  }
  const agent = engineAgent(endpoint.kind === 'tls' ? await readCertificates(endpoint.certificates) : null);
  const hangUp = async () => agent.close();
  if (endpoint.kind === 'unix') return { dockerode: { socketPath: endpoint.path }, agent, remote: null, hangUp };
  const { host, port } = endpoint;
  return {
    dockerode: { protocol: endpoint.kind === 'tls' ? 'https' : 'http', host, port },
    agent,
    remote: { host, port },
    hangUp,
  };
}
