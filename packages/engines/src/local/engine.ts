import { type Clock, localAccount, type Seconds, type ServerExit, seconds, systemClock } from '@photofinish/schema';
import type { Engine, RunningServer, ServerSpec, StoppedServer } from '../engine.ts';
import { isHealthy } from '../readiness.ts';
import { ServerStartError } from '../start-error.ts';
import { affinityDifferences } from './affinity.ts';
import { leaseCores } from './lease.ts';
import { ownLabel } from './leftovers.ts';
import { type SupervisedProcess, startSupervised } from './process.ts';

const host = '127.0.0.1';
const pollEvery = seconds(0.005);
/** How long a killed tree may take to vanish before the supervisor itself is given up. */
const killWithin = seconds(5);

/** Servers as processes of this machine, confined by CPU affinity. `supervisor` is the path of the native core. */
export function localEngine(supervisor: string, clock: Clock = systemClock): Engine {
  return {
    id: 'local',
    clock,
    account: async () => localAccount,
    lease: leaseCores,
    start: (spec, signal) => start(supervisor, spec, clock, signal),
  };
}

async function start(supervisor: string, spec: ServerSpec, clock: Clock, signal: AbortSignal): Promise<RunningServer> {
  signal.throwIfAborted();
  const began = clock.now();
  if (spec.launch.kind !== 'process')
    throw new TypeError(`${spec.title} is a container, which the local engine cannot start`);
  const child = startSupervised(supervisor, spec, spec.launch, await ownLabel());
  try {
    const port = await becomeReady(child, spec, began, clock, signal);
    return running(child, spec, port, seconds(clock.now() - began), clock);
  } catch (error) {
    child.kill();
    await child.ended;
    throw error;
  }
}

async function becomeReady(
  child: SupervisedProcess,
  spec: ServerSpec,
  began: Seconds,
  clock: Clock,
  signal: AbortSignal,
): Promise<number> {
  const deadline = began + spec.readyWithin;
  const seen: { exit: ServerExit | null; port: number | null | undefined } = { exit: null, port: undefined };
  void child.ended.then((exit) => {
    seen.exit = exit;
  });
  void child.port.then((port) => {
    seen.port = port;
  });
  for (;;) {
    signal.throwIfAborted();
    const { exit, port } = seen;
    if (exit !== null)
      throw startError('crashed', `${spec.title} ended before it answered (${exitText(exit)})`, child, exit);
    if (port === null) {
      await Promise.race([child.ended, clock.sleep(seconds(0.2))]);
      if (seen.exit === null)
        throw startError(
          'never-healthy',
          `${spec.title} did not print \`listening <port>\` as its first line`,
          child,
          null,
        );
      continue;
    }
    if (port !== undefined && (await isHealthy(host, port))) return port;
    if (clock.now() >= deadline) {
      const reached = port === undefined ? 'printed no port' : 'listened but did not answer /health with 200 `ok`';
      throw startError('never-healthy', `${spec.title} ${reached} within ${spec.readyWithin} s`, child, null);
    }
    await clock.sleep(pollEvery);
  }
}

function startError(
  failure: 'never-healthy' | 'crashed',
  what: string,
  child: SupervisedProcess,
  exit: ServerExit | null,
): ServerStartError {
  return new ServerStartError(failure, `${what}.`, child.words.toString(), exit);
}

/** An exit in words: `exit code 2`, `signal SIGKILL`. */
export function exitText(exit: ServerExit): string {
  return exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : `signal ${exit.signal}`;
}

function running(
  child: SupervisedProcess,
  spec: ServerSpec,
  port: number,
  timeToReady: Seconds,
  clock: Clock,
): RunningServer {
  let stopping: Promise<StoppedServer> | null = null;
  const stop = () => {
    stopping ??= stopServer(child, spec, clock);
    return stopping;
  };
  return {
    host,
    port,
    pid: child.pid,
    containerId: null,
    cores: spec.cores,
    timeToReady,
    ended: child.ended,
    lastWords: () => child.words.toString(),
    limitDifferences: () => affinityDifferences(child.pid, spec.cores),
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

async function stopServer(child: SupervisedProcess, spec: ServerSpec, clock: Clock): Promise<StoppedServer> {
  const began = clock.now();
  child.terminate();
  const timer = new AbortController();
  const waited = clock.sleep(spec.stopWithin, timer.signal).then(
    () => 'late' as const,
    () => 'aborted' as const,
  );
  const forced = (await Promise.race([child.ended, waited])) === 'late';
  timer.abort();
  if (forced) child.kill();
  const exit = await Promise.race([
    child.ended,
    clock.sleep(killWithin).then((): ServerExit => ({ code: null, signal: 'unknown', reason: 'own' })),
  ]);
  return { exit, forced, seconds: seconds(clock.now() - began), lastWords: child.words.toString(), outOfMemory: null };
}
