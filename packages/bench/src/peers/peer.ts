/** What a load generator is asked to do. */
export interface Load {
  /** Where, as `http://127.0.0.1:8080/`. */
  readonly url: string;
  readonly connections: number;
  /** Length of the load, whole seconds: some peers take nothing else. */
  readonly seconds: number;
  /** Requests a second of an open loop; null: a closed loop. */
  readonly rate: number | null;
  /** Length of every right body, bytes. */
  readonly bodyBytes: number;
  /** Requests of an open loop that ours sends at the same instant, as the peer beside it does; absent: each at an instant of its own. */
  readonly burst?: number;
}

/** Response times, seconds; null where the tool does not tell that one. */
export interface Times {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** What a load generator says of one load. */
export interface Reading {
  /** Right responses. */
  readonly requests: number;
  /** Requests that failed, by its own account; those cut off by the end of the load are none. */
  readonly errors: number;
  /** Right responses a second, over the time that it counts itself. */
  readonly rate: number;
  readonly times: Times;
  /** Share of the responses that took longer than half a second; null where the tool does not tell. */
  readonly slowShare: number | null;
  /** Gates of the generator's own that failed: it says itself that it, or the host, decided the result. None where it has no gates. */
  readonly failedGates: readonly string[];
}

/** One way of using a load generator. */
export interface Way {
  /** Names its figures: the peer, and what sets this way apart from its others. */
  readonly id: string;
  /** Its options as a person would give them, for the tables. */
  words(load: Omit<Load, 'url'>): string;
  /** The command; files it needs are written into the folder, which is empty. */
  command(load: Load, folder: string): Promise<readonly string[]>;
  /** Reads what came of it: its standard output and the files it left in the folder. Throws `MeasurementError` `E_PEER_OUTPUT`. */
  read(output: string, folder: string, load: Load): Promise<Reading>;
}

/** A load generator that ours is compared with. */
export interface Peer {
  readonly id: string;
  /** The command or page that installs it. */
  readonly install: string;
  /** What prints the version, and where in it. */
  readonly version: { readonly command: readonly [string, ...string[]]; readonly pattern: RegExp };
  readonly closed: Way;
  /** Ways of an open loop, best first: the one that takes coordinated omission into account. None: it has no rate. */
  readonly open: readonly Way[];
  /** Requests that its own timers let go at the same instant in such a load; absent: it sends each for itself, or nobody can say. */
  burst?(load: { readonly rate: number; readonly connections: number }): number;
}
