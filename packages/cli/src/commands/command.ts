import { Command } from 'commander';
import type { Invocation } from '../terminal.ts';

/** What `main.ts` gives to every command: how to perform an action with the streams and signals of this process. */
export interface CommandContext {
  /** Performs an action and keeps its exit code. `options` are the parsed flags every command shares. */
  perform(options: SharedOptions, action: (invocation: Invocation) => Promise<number>): Promise<void>;
  /** Folder of results when none is named. */
  readonly defaultOut: string;
}

/** Flags every command has. */
export interface SharedOptions {
  readonly json?: boolean;
  readonly color: boolean;
}

/** A command whose help begins with an example. */
export function command(name: string, summary: string, example: string): Command {
  return new Command(name)
    .description(summary)
    .addHelpText('before', `Example: ${example}\n`)
    .option('--json', 'print exactly one JSON document on standard output')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .exitOverride();
}
