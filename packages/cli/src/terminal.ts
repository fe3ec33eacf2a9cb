import type { Colours } from './ui/colours.ts';

/** The two streams of a command and how they may be used. Only `main.ts` makes one from the real streams. */
export interface Terminal {
  /** Results: the one JSON document, or text. */
  out(text: string): void;
  /** Everything else. */
  err(text: string): void;
  /** Whether `err` is a terminal whose last line may be repainted. */
  readonly interactive: boolean;
  readonly columns: number;
  readonly outColours: Colours;
  readonly errColours: Colours;
}

/** What a command gets from outside: nothing else reads argv, environment or streams. */
export interface Invocation {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder of the project. */
  readonly root: string;
  /** Folder the command was given in. */
  readonly workingFolder: string;
  readonly home: string;
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP, with an `InterruptedError`. */
  readonly signal: AbortSignal;
  readonly json: boolean;
}
