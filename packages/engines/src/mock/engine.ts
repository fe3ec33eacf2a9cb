import { LeaseError, type ServerExit, seconds } from '@photofinish/schema';
import type { Engine, Lease, LeaseHolder, RunningServer, ServerSpec } from '../engine.ts';
import { ServerStartError } from '../start-error.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What a scripted server does. */
export interface MockServerScript {
  /** Virtual seconds until it is ready. */
  readonly readyAfter?: number;
  /** It never becomes ready, or ends before. */
  readonly startFailure?: 'never-healthy' | 'crashed';
  /** How it ended when it was told to fail at its start. */
  readonly startExit?: ServerExit;
  /** The engine itself fails to start it. */
  readonly startError?: Error;
  /** It ignores SIGTERM. */
  readonly ignoresTerm?: boolean;
  readonly lastWords?: string;
  /** What the engine gave and the specification did not ask for. */
  readonly limitDifferences?: readonly string[];
  /** The kernel kills a child of it for memory. */
  readonly outOfMemory?: 'target' | 'child';
}

/** A mock engine with its log, in the order things happened. */
export interface MockEngine extends Engine {
  readonly clock: VirtualClock;
  readonly log: string[];
  /** Servers now running. */
  readonly alive: ReadonlySet<string>;
  /** Ends the server that is running, as a crash would. */
  crash(exit: ServerExit): void;
}

/** Scripted servers on a virtual clock: no process is started, no time passes. The script is asked anew for each start. */
export function mockEngine(
  script: (spec: ServerSpec, start: number) => MockServerScript = () => ({}),
  clock = new VirtualClock(),
): MockEngine {
  const log: string[] = [];
  const alive = new Set<string>();
  const held = new Set<number>();
  let crashCurrent: (exit: ServerExit) => void = () => {};
  let starts = 0;
  return {
    id: 'mock',
    clock,
    account: async () => ({
      id: 'mock',
      version: null,
      rootless: null,
      cgroupDriver: null,
      securityOptions: [],
      roundTripSeconds: null,
    }),
    log,
    alive,
    crash: (exit) => crashCurrent(exit),
    lease: (cores, holder) => leaseMock(cores, holder, held, log),
    async start(spec, signal) {
      signal.throwIfAborted();
      starts += 1;
      const behaviour = script(spec, starts);
      log.push(`start ${spec.title} on ${spec.cores.join(',')}`);
      if (behaviour.startError !== undefined) throw behaviour.startError;
      if (behaviour.startFailure !== undefined) {
        clock.advance(behaviour.startFailure === 'never-healthy' ? spec.readyWithin : 0.01);
        throw new ServerStartError(
          behaviour.startFailure,
          `${spec.title} was told to fail.`,
          behaviour.lastWords ?? '',
          behaviour.startExit ?? null,
        );
      }
      const readyAfter = seconds(behaviour.readyAfter ?? 0.1);
      await clock.sleep(readyAfter, signal);
      const name = `${spec.title} #${starts}`;
      alive.add(name);
      const server = runningMock(spec, behaviour, name, readyAfter, {
        log,
        alive,
        clock,
        onCrash: (crash) => {
          crashCurrent = crash;
        },
      });
      return server;
    },
  };
}

interface MockState {
  readonly log: string[];
  readonly alive: Set<string>;
  readonly clock: VirtualClock;
  onCrash(crash: (exit: ServerExit) => void): void;
}

function runningMock(
  spec: ServerSpec,
  script: MockServerScript,
  name: string,
  timeToReady: RunningServer['timeToReady'],
  state: MockState,
): RunningServer {
  const { promise: ended, resolve } = Promise.withResolvers<ServerExit>();
  state.onCrash((exit) => {
    state.alive.delete(name);
    resolve(exit);
  });
  let stopping: ReturnType<RunningServer['stop']> | null = null;
  const stopOnce: RunningServer['stop'] = async () => {
    const forced = script.ignoresTerm === true;
    state.log.push(`stop ${spec.title}`);
    state.alive.delete(name);
    state.clock.advance(forced ? spec.stopWithin : 0.01);
    resolve(forced ? { code: null, signal: 'SIGKILL', reason: 'own' } : { code: 0, signal: null, reason: 'own' });
    return {
      exit: await ended,
      forced,
      seconds: seconds(forced ? spec.stopWithin : 0.01),
      lastWords: script.lastWords ?? '',
      outOfMemory: script.outOfMemory ?? null,
    };
  };
  const stop: RunningServer['stop'] = () => {
    stopping ??= stopOnce();
    return stopping;
  };
  return {
    host: '127.0.0.1',
    port: 1,
    pid: null,
    containerId: null,
    cores: spec.cores,
    timeToReady,
    ended,
    lastWords: () => script.lastWords ?? '',
    limitDifferences: async () => [...(script.limitDifferences ?? [])],
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

async function leaseMock(
  cores: readonly number[],
  holder: LeaseHolder,
  held: Set<number>,
  log: string[],
): Promise<Lease> {
  const taken = cores.find((core) => held.has(core));
  if (taken !== undefined) {
    throw new LeaseError('E_CORES_TAKEN', {
      what: `Core ${taken} is held by another run.`,
      remedy: 'Wait until it has ended.',
    });
  }
  for (const core of cores) held.add(core);
  log.push(`lease ${cores.join(',')} for ${holder.runId}`);
  return {
    cores,
    lost: new Promise(() => {}),
    async [Symbol.asyncDispose]() {
      for (const core of cores) held.delete(core);
      log.push('release');
    },
  };
}
