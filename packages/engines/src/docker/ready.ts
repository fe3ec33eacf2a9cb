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
 * Waits for the first correct answer of a server. Throws `ServerStartError`, the signal's reason when aborted, and what the engine answers.
 */
export async function becomeReady(started: StartedContainer, signal: AbortSignal): Promise<ServerAddress> {
  const { access, container, spec, ended } = started;
  const seen: { end: ContainerEnd | null; address: ServerAddress | null } = { end: null, address: null };
  void ended.then((end) => {
    seen.end = end;
  });
  const giveUp = async (what: string) =>
    new ServerStartError('never-healthy', `${spec.title} ${what}.`, await readLastWords(container), null);
  for (;;) {
    signal.throwIfAborted();
    if (seen.end !== null) {
      const { exit, lastWords } = seen.end;
      const what = `${spec.title} ended before it answered (${exitText(exit)}).`;
      throw new ServerStartError('crashed', what, lastWords, exit);
    }
    const found: ServerAddress | 'not a port' | null = seen.address ?? (await addressOf(started));
    if (found === 'not a port') {
      await Promise.race([ended, access.clock.sleep(seconds(0.2))]);
      if (seen.end !== null) continue;
      throw await giveUp('did not print `listening <port>` as its first line');
    }
    seen.address = found;
    // The address of a container that has ended answers nothing at all, not even a refusal.
    const isReady = found !== null && Promise.race([isHealthy(found.host, found.port), ended.then(() => false)]);
    if (found !== null && (await isReady)) return found;
    if (access.clock.now() >= started.deadline) {
      const reached = found === null ? 'printed no port' : 'did not answer /health with 200 `ok`';
      throw await giveUp(`${reached} within ${spec.readyWithin} s`);
    }
    await access.clock.sleep(pollEvery);
  }
}

/** Where a server is to be asked; null when the engine does not know yet. */
async function addressOf({ access, container, spec, path, network }: StartedContainer) {
  if (path === 'host') {
    const line = await readFirstLine(container);
    if (line === null) return null;
    const port = portLine.exec(line)?.[1];
    return port === undefined ? ('not a port' as const) : { host: access.host, port: Number(port) };
  }
  const port = spec.environment.PORT ?? '';
  try {
    const { NetworkSettings } = await timely((abortSignal) => container.inspect({ abortSignal }));
    const published = NetworkSettings.Ports?.[`${port}/tcp`]?.[0]?.HostPort;
    const own = NetworkSettings.Networks?.[network]?.IPAddress;
    const found = path === 'published' ? { host: access.host, port: published } : { host: own, port };
    return found.host && found.port ? { host: found.host, port: Number(found.port) } : null;
  } catch (error) {
    // Removed by somebody: the end of it is told in a moment.
    if (statusOf(error) === 404) return null;
    throw error;
  }
}
