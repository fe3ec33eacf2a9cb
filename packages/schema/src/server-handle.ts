import type { Seconds } from './units.ts';

/** All that probes and generators may know of a running server. */
export interface ServerHandle {
  readonly host: string;
  readonly port: number;
  /** A process whose descendants are the server (itself not counted: it supervises); null where the engine has no processes of its own. */
  readonly pid: number | null;
  /** Container that holds the server; null where it is a process. */
  readonly containerId: string | null;
  /** Core numbers the server is confined to; empty where it is not confined. */
  readonly cores: readonly number[];
  /** Start to first correct answer. */
  readonly timeToReady: Seconds;
}

/** How a server ended. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: string | null;
  /**
   * Whose doing it was. `own`: the server's, a crash and a signal from outside included. `out-of-memory`: the kernel's, at the server's limit.
   * `removed`: somebody removed the container. `engine-lost`: the engine that held it is gone.
   */
  readonly reason: 'own' | 'out-of-memory' | 'removed' | 'engine-lost';
}
