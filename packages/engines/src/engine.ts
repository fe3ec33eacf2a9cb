import type { Clock, EngineAccount, Limits, NetworkPath, Seconds, ServerExit, ServerHandle } from '@photofinish/schema';

/** A server that is a process of this machine. */
export interface ProcessLaunch {
  readonly kind: 'process';
  /** Folder the command is started in. */
  readonly folder: string;
  /** Executable and arguments; no shell is involved. */
  readonly command: readonly string[];
}

/** A server that is a container. */
export interface ContainerLaunch {
  readonly kind: 'container';
  /** Image by content, `sha256:...`. */
  readonly image: string;
  /** Command in the image; no shell is involved. */
  readonly command: readonly string[];
  readonly limits: Limits;
  readonly network: Exclude<NetworkPath, 'loopback'>;
}

/** Everything an engine needs to start one server. */
export interface ServerSpec {
  /** The target, for messages: `go/goroutines`. */
  readonly title: string;
  readonly launch: ProcessLaunch | ContainerLaunch;
  /** The whole environment of the server; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Core numbers the server is confined to. */
  readonly cores: readonly number[];
  /** Monotonic deadline from start to the first correct answer at `/health`. */
  readonly readyWithin: Seconds;
  /** Time between SIGTERM and SIGKILL. */
  readonly stopWithin: Seconds;
}

/** A server that has ended. It can no longer be asked for anything. */
export interface StoppedServer {
  readonly exit: ServerExit;
  /** SIGTERM was not enough within `stopWithin`. */
  readonly forced: boolean;
  readonly seconds: Seconds;
  /** The last lines it printed, at most 64 KiB. */
  readonly lastWords: string;
  /** The kernel killed the server or one of its children for memory while it lived; null where it did not, or where the engine cannot tell. */
  readonly outOfMemory: 'target' | 'child' | null;
}

/** A server that answered `/health`. Disposing of it stops it. */
export interface RunningServer extends ServerHandle, AsyncDisposable {
  /** Resolves when the server has ended, whoever ended it. Never rejects. */
  readonly ended: Promise<ServerExit>;
  /** The last lines it printed so far, at most 64 KiB. */
  lastWords(): string;
  /** Each difference between what the specification asked for and what the kernel and the engine say they gave, in words; empty when all is as asked. */
  limitDifferences(): Promise<string[]>;
  /** SIGTERM, wait, SIGKILL; no process of the server is left afterwards. A second call returns the first one's promise. */
  stop(): Promise<StoppedServer>;
}

/** Who holds a lease: no host or user names. */
export interface LeaseHolder {
  readonly runId: string;
  /** ISO wall-clock time. */
  readonly since: string;
  readonly version: string;
}

/** Exclusive use of cores until released or until this process dies. */
export interface Lease extends AsyncDisposable {
  readonly cores: readonly number[];
  /** Resolves when the cores are no longer held though nobody let go of them: trials from then on are worth nothing. Never rejects. */
  readonly lost: Promise<void>;
}

/**
 * Where servers live. Call order: `lease` once, then `start` and the server's `stop` any number of times, then dispose of the lease.
 *
 * Guarantees of every implementation: `start` either returns a server that answered `/health` or throws `ServerStartError` with nothing left
 * running; no process outlives `stop`, a throw, an abort or the death of the harness.
 */
export interface Engine {
  readonly id: 'local' | 'docker' | 'mock';
  readonly clock: Clock;
  /** What the engine is. Throws `EnvironmentError` when it cannot be reached. */
  account(): Promise<EngineAccount>;
  /** Throws `LeaseError` naming the holder when a core is taken. */
  lease(cores: readonly number[], holder: LeaseHolder): Promise<Lease>;
  /** Throws `ServerStartError`, or the signal's reason when aborted. */
  start(spec: ServerSpec, signal: AbortSignal): Promise<RunningServer>;
}
