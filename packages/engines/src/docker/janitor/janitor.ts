import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ownLabel } from '../../local/leftovers.ts';
import type { DockerConnection } from '../connection/connection.ts';
import type { ConnectionOptions } from '../connection/endpoint.ts';

/** What the janitor's process is told, in one line, before anything else. */
export interface JanitorOrder {
  readonly options: ConnectionOptions;
  readonly runId: string;
  readonly owner: string;
}

/** The word that sends it home without work. */
export const dismissal = 'dismissed';

/** A process that waits for the end of this one. */
export interface Janitor {
  readonly pid: number;
  /** The harness ended in good order: nothing is left to remove. */
  dismiss(): Promise<void>;
}

/**
 * Starts a process of its own session that holds the other end of a pipe to this one. When the pipe ends without a word, because this process was
 * killed in whatever way, it removes every container, network and volume of this run and this harness. It survives the death of this process's
 * group and terminal, and gives up after a minute without an engine.
 */
export async function startJanitor(connection: DockerConnection, runId: string): Promise<Janitor> {
  const order: JanitorOrder = {
    options: { ...connection.options, dockerHost: connection.endpoint },
    runId,
    owner: await ownLabel(),
  };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'process.ts')], {
    cwd: '/',
    env: connection.options.environment as NodeJS.ProcessEnv,
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const started = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid ?? 0));
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin.on('error', () => {});
  child.stdin.write(`${JSON.stringify(order)}\n`);
  const pid = await started;
  child.unref();
  return {
    pid,
    async dismiss() {
      child.stdin.end(`${dismissal}\n`);
      child.ref();
      await ended;
    },
  };
}
