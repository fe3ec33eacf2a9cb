import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import manifest from '../runtime.json' with { type: 'json' };
import { payload } from './payload.ts';

const folder = join(import.meta.dirname, '..');
const dataFolder = mkdtempSync(join(tmpdir(), 'photofinish-node-'));
writeFileSync(join(dataFolder, 'payload.json'), payload());
process.once('exit', () => rmSync(dataFolder, { recursive: true }));

/** The models of the manifest: every black-box test judges all of them. */
export const models: readonly string[] = manifest.models.map(({ id }) => id);

/** An environment in which `model` starts on a free port with two cores granted. */
export const environment = (model: string): Record<string, string> => ({
  HOST: '127.0.0.1',
  PORT: '0',
  MODEL: model,
  TRIAL_NONCE: 'nonce "1"',
  CORES: '2',
  THREADS: '8',
  CPU_POOL: '2',
  DATA_DIR: dataFolder,
});

/** How a target ended and what it had printed. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly errors: string;
}

/** A target started as the harness would. */
export interface Target extends AsyncDisposable {
  readonly pid: number;
  /** The first line of its standard output; undefined when it ended without one. */
  readonly firstLine: Promise<string | undefined>;
  readonly ending: Promise<Ending>;
  terminate(): void;
}

/** Starts the manifest's command for `model`. */
export const spawnTarget = (model: string, variables: Record<string, string>): Target => {
  const command = manifest.models.find(({ id }) => id === model)?.command.slice(1) ?? [];
  const child = spawn(execPath, command, { cwd: folder, env: variables, stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ending = once(child, 'close').then(([code, signal]) => ({ code, signal, errors }));
  return {
    pid: child.pid ?? 0,
    firstLine: lines.next().then(({ value }) => value),
    ending,
    terminate: () => void child.kill('SIGTERM'),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ending;
    },
  };
};

/** A target that listens. */
export interface ListeningTarget extends Target {
  readonly port: number;
}

/** Starts `model` and waits for its first line. */
export const startTarget = async (model: string, variables: Record<string, string> = {}): Promise<ListeningTarget> => {
  const target = spawnTarget(model, { ...environment(model), ...variables });
  const port = /^listening (\d+)$/.exec((await target.firstLine) ?? '')?.[1];
  if (port === undefined) throw new Error(`${model} did not listen: ${(await target.ending).errors}`);
  return { ...target, port: Number(port) };
};

/** Process ids of the children of a process, from procfs. */
export const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

/** Whether a process is there. */
export const exists = (pid: number): boolean => readdirSync('/proc').includes(String(pid));
