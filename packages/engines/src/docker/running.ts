import { type Seconds, seconds } from '@photofinish/schema';
import type { Container } from 'dockerode';
import type { RunningServer, ServerSpec, StoppedServer } from '../engine.ts';
import { type EngineAccess, timely } from './calls.ts';
import { cgroupOf, containerProcesses, memoryKills } from './cgroup.ts';
import type { Asked, ContainerEnd } from './container-end.ts';
import { engineError, isUnreachable, tolerating } from './errors.ts';
import type { ServerEvents } from './events.ts';
import { limitDifferences } from './limits.ts';
import type { ProfileRequest } from './profile.ts';
import type { ServerAddress } from './ready.ts';

/** How long a killed container may take to end before it is removed all the same. */
const killWithin = seconds(10);

/** All that belongs to one server in its container. */
export interface HeldServer {
  readonly access: EngineAccess;
  readonly container: Container;
  readonly request: ProfileRequest;
  readonly spec: ServerSpec;
  readonly address: ServerAddress;
  readonly timeToReady: Seconds;
  readonly events: ServerEvents;
  readonly ended: Promise<ContainerEnd>;
  readonly asked: Asked;
  /** Gives back the container and its network. */
  readonly held: AsyncDisposableStack;
}

/** A server that answered, as the rest of the harness knows it. */
export async function runningServer(server: HeldServer): Promise<RunningServer> {
  const { access, container, request, spec, address, timeToReady, ended } = server;
  const pid = access.local ? await supervisorOf(container) : null;
  let lastWords = '';
  void ended.then((end) => {
    lastWords = end.lastWords;
  });
  let stopping: Promise<StoppedServer> | null = null;
  const stop = () => {
    stopping ??= stopServer(server, pid);
    return stopping;
  };
  return {
    ...address,
    pid,
    containerId: container.id,
    cores: spec.cores,
    timeToReady,
    ended: ended.then(({ exit }) => exit),
    lastWords: () => lastWords,
    limitDifferences: () => limitDifferences(container, request, access.local),
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/**
 * The supervisor of the native core in a container, as this machine numbers it: the child of the container's init, and the parent of the server.
 * Null where the engine's processes are not seen from here.
 */
async function supervisorOf(container: Container): Promise<number | null> {
  const { State, Id } = await timely((abortSignal) => container.inspect({ abortSignal }));
  const processes = await containerProcesses(Id);
  if (!processes.some(({ pid }) => pid === State.Pid)) return null;
  return processes.find(({ parent }) => parent === State.Pid)?.pid ?? State.Pid;
}

async function stopServer(server: HeldServer, pid: number | null): Promise<StoppedServer> {
  const { access, container, events, spec, asked, held } = server;
  const { clock } = access;
  const began = clock.now();
  // Read while the cgroup is still there: the engine's own flag comes late for a child.
  const kills = pid === null ? null : await memoryKills(await cgroupOf(pid));
  asked.toEnd = true;
  try {
    await signalServer(container, 'SIGTERM');
    const forced = (await within(server, spec.stopWithin)) === null;
    if (forced) await signalServer(container, 'SIGKILL');
    const end = await within(server, killWithin);
    if (end?.exit.reason === 'engine-lost') await killHere(container.id);
    const outOfMemory = end?.outOfMemory ?? (events.told.killedForMemory || (kills ?? 0) > 0 ? 'child' : null);
    const exit = end?.exit ?? { code: null, signal: 'unknown', reason: 'own' };
    await held.disposeAsync();
    return { exit, forced, seconds: seconds(clock.now() - began), lastWords: end?.lastWords ?? '', outOfMemory };
  } catch (error) {
    await held.disposeAsync().catch(() => {});
    throw engineError(error, `stopping ${spec.title}`);
  }
}

/**
 * Ends the processes of a container without its engine: they live on when a daemon is killed (Docker 20.10). Does nothing where they are not seen
 * from here.
 */
async function killHere(containerId: string): Promise<void> {
  for (const { pid } of await containerProcesses(containerId)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** The end of a server, or null when it has not come within a span. */
async function within({ access, ended }: HeldServer, span: Seconds): Promise<ContainerEnd | null> {
  const timer = new AbortController();
  const late = access.clock.sleep(span, timer.signal).then(
    () => null,
    () => null,
  );
  const first = await Promise.race([ended, late]);
  timer.abort();
  return first;
}

/**
 * Sends a signal to a server that may have ended: Docker answers 409 then, Podman 500. An engine that does not answer is told of by the event
 * stream.
 */
async function signalServer(container: Container, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  try {
    await tolerating([404, 409], () => timely((abortSignal) => container.kill({ signal, abortSignal })));
  } catch (error) {
    if (isUnreachable(error)) return;
    const inspected = await timely((abortSignal) => container.inspect({ abortSignal })).catch(() => null);
    if (inspected?.State.Running === true) throw error;
  }
}
