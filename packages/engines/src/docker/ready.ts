import { type Seconds, seconds } from '@photofinish/schema';
import type { Container } from 'dockerode';
import type { ContainerLaunch, ServerSpec } from '../engine.ts';
import { exitText } from '../local/engine.ts';
import { isHealthy } from '../readiness.ts';
import { ServerStartError } from '../start-error.ts';
import { type EngineAccess, timely } from './calls.ts';
import type { ContainerEnd } from './container-end.ts';
import { statusOf } from './errors.ts';
import { readFirstLine, readLastWords } from './logs.ts';

const pollEvery = seconds(0.005);
const portLine = /^listening (\d{1,5})$/;

/** Where a server is reached. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** A container that was started and has not answered yet. */
export interface StartedContainer {
  readonly access: EngineAccess;
  readonly container: Container;
  readonly spec: ServerSpec;
  readonly path: ContainerLaunch['network'];
  /** Name of the network it is attached to. */
  readonly network: string;
  readonly ended: Promise<ContainerEnd>;
  /** Monotonic moment by which it must have answered. */
  readonly deadline: Seconds;
}

/**
 * Waits until a server has announced itself and answers. A first answer alone could come from one process of several while the others still
 * start, or before the server heeds SIGTERM. Throws `ServerStartError`, the signal's reason when aborted, and what the engine answers.
 */
export async function becomeReady(started: StartedContainer, signal: AbortSignal): Promise<ServerAddress> {
  const { access, container, spec, path, ended } = started;
  const seen: { end: ContainerEnd | null; address: ServerAddress | null; announced: number | null } = {
    end: null,
    address: null,
    announced: null,
  };
  void ended.then((end) => {
    seen.end = end;
  });
  const giveUp = async (what: string) =>
    new ServerStartError('never-healthy', `${spec.title} ${what}.`, await readLastWords(container), null);
  const announcement = async () => {
    const line = await readFirstLine(container).catch(unlessRemoved);
    if (line === null) return null;
    const port = portLine.exec(line)?.[1];
    if (port !== undefined) return Number(port);
    await Promise.race([ended, access.clock.sleep(seconds(0.2))]);
    if (seen.end === null) throw await giveUp('did not print `listening <port>` as its first line');
    return null;
  };
  for (;;) {
    signal.throwIfAborted();
    if (seen.end !== null) {
      const { exit, lastWords } = seen.end;
      const what = `${spec.title} ended before it answered (${exitText(exit)}).`;
      throw new ServerStartError('crashed', what, lastWords, exit);
    }
    if (path === 'host') seen.announced ??= await announcement();
    seen.address ??= await addressOf(started, seen.announced);
    const { address } = seen;
    // The address of a container that has ended answers nothing at all, not even a refusal.
    const isReady =
      address !== null && (await Promise.race([isHealthy(address.host, address.port), ended.then(() => false)]));
    if (isReady) {
      seen.announced ??= await announcement();
      if (seen.announced !== null) return address;
    }
    if (access.clock.now() >= started.deadline) {
      const reached = isReady || address === null ? 'printed no port' : 'did not answer /health with 200 `ok`';
      throw await giveUp(`${reached} within ${spec.readyWithin} s`);
    }
    await access.clock.sleep(pollEvery);
  }
}

/** Where a server is to be asked; null when the engine or, on the host's network, the server has not told yet. */
async function addressOf(
  { access, container, spec, path, network }: StartedContainer,
  announced: number | null,
): Promise<ServerAddress | null> {
  if (path === 'host') return announced === null ? null : { host: access.host, port: announced };
  const port = spec.environment.PORT ?? '';
  const inspected = await timely((abortSignal) => container.inspect({ abortSignal })).catch(unlessRemoved);
  if (inspected === null) return null;
  const { NetworkSettings } = inspected;
  const published = NetworkSettings.Ports?.[`${port}/tcp`]?.[0]?.HostPort;
  const own = NetworkSettings.Networks?.[network]?.IPAddress;
  const found = path === 'published' ? { host: access.host, port: published } : { host: own, port };
  return found.host && found.port ? { host: found.host, port: Number(found.port) } : null;
}

/** Null for a container that somebody removed or is removing, whose end is told in a moment; throws every other answer of the engine. */
function unlessRemoved(error: unknown): null {
  if ([404, 409].includes(statusOf(error) ?? 0)) return null;
  throw error;
}
