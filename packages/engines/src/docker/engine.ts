import { type Clock, EnvironmentError, systemClock } from '@photofinish/schema';
import type { Engine, ServerSpec } from '../engine.ts';
import type { EngineAccess } from './calls.ts';
import type { DockerConnection } from './connection/connection.ts';
import { type Janitor, startJanitor } from './janitor/janitor.ts';
import { takeLease } from './lease/lease.ts';
import { startServer } from './start.ts';

/** What a docker engine is made of. */
export interface DockerEngineOptions {
  readonly connection: DockerConnection;
  /** Run id that everything made is labelled with. */
  readonly runId: string;
  /** Image with the native core, by content: what leases are held by. */
  readonly leaseImage: string;
  /** Whether a process of its own removes what a killed harness leaves. */
  readonly janitor: boolean;
  readonly clock?: Clock;
}

/** The engine `docker`. Call `close` last. */
export interface DockerEngine extends Engine {
  /** Lets go of what the engine itself holds; the connection stays. */
  close(): Promise<void>;
}

/**
 * Servers in containers of a Docker Engine (API 1.41 or newer): one container and one network a server, the profile of `profile.ts`, everything
 * labelled with the run.
 */
export function dockerEngine({
  connection,
  runId,
  leaseImage,
  janitor,
  clock = systemClock,
}: DockerEngineOptions): DockerEngine {
  const { client, local, host, description } = connection;
  const access: EngineAccess = { client, name: description.name, local, host, clock };
  let keeper: Promise<Janitor> | null = null;
  /** Before anything is made for this run, somebody must be there to remove it. */
  const watched = async () => {
    if (!janitor) return;
    keeper ??= startJanitor(connection, runId);
    await keeper;
  };
  return {
    id: 'docker',
    clock,
    account: () => connection.account(),
    async lease(cores, holder) {
      await watched();
      return await takeLease({ connection, cores, holder, image: leaseImage });
    },
    async start(spec, signal) {
      signal.throwIfAborted();
      const { launch } = spec;
      if (launch.kind !== 'container')
        throw new TypeError(`${spec.title} is a process, which the docker engine cannot start`);
      requireReachable(connection, spec, launch.network);
      await watched();
      return await startServer(access, runId, spec, launch, signal);
    },
    async close() {
      await (await keeper)?.dismiss();
      keeper = null;
    },
  };
}

function requireReachable({ local, description }: DockerConnection, spec: ServerSpec, network: string): void {
  if (network !== 'bridge' || (local && !description.rootless)) return;
  const whose = local ? 'an engine without root, whose networks are its own' : 'another machine';
  throw new EnvironmentError('E_NETWORK_PATH', {
    what: `${spec.title} cannot be reached on a bridge of ${whose}.`,
    given: network,
    allowed: local ? 'published' : 'published, host',
    remedy: 'Choose --network published.',
  });
}
