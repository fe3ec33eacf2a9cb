import { env } from 'node:process';
import { Refusal } from './refusal.ts';
import { readSettings, type Settings } from './settings.ts';

/** Starts a model's program. A refusal becomes one line and an exit status; any other error is a bug and shows its stack. */
export const program = async (model: string, start: (settings: Settings) => Promise<void>): Promise<void> => {
  try {
    await start(readSettings(env, model));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuse(error.message, error.exitCode);
  }
};

/** Ends the process before it serves. */
export const refuse = (message: string, exitCode: number): never => {
  process.stderr.write(`${message}\n`);
  process.exit(exitCode);
};

/** The first line of standard output: the target is ready. */
export const announce = (port: number): void => {
  process.stdout.write(`listening ${port}\n`);
};

/** Calls `stop` at the first SIGTERM, then exits with 0; further ones change nothing. Call it before the first answer can be given. */
export const exitOnSigterm = (stop: () => Promise<void>): void => {
  let stopping = false;
  process.on('SIGTERM', () => {
    if (stopping) return;
    stopping = true;
    void stop().then(() => process.exit(0));
  });
};
