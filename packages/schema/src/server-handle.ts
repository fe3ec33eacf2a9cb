import type { Seconds } from './units.ts';

/** All that probes and generators may know of a running server. */
export interface ServerHandle {
  readonly host: string;
  readonly port: number;
  /** A process whose descendants are the server (itself not counted: it supervises); null where the engine has no processes of its own. */
  readonly pid: number | null;
  /** Core numbers the server is confined to; empty where it is not confined. */
  readonly cores: readonly number[];
  /** Start to first correct answer. */
  readonly timeToReady: Seconds;
}

/** How a server ended. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: string | null;
}
