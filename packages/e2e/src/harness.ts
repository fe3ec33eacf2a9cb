import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
/** What a person starts. */
export const entry = join(root, 'packages/cli/bin/photofinish.js');

/** Runtimes that do one thing wrong each. */
export const faultyRuntimes = join(import.meta.dirname, 'fixtures', 'runtimes');

/** How a command ended and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of the harness under way. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when the text has been printed on either stream; rejects when the command ends before. */
  printed(text: string): Promise<void>;
}

/** Starts `photofinish` as a person would, from another folder. */
export function start(args: readonly string[], environment: Record<string, string> = {}): Started {
  const child = spawn('node', [entry, ...args], {
    cwd: tmpdir(),
    env: { ...process.env, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  const waiting: { text: string; resolve: () => void; reject: (error: Error) => void }[] = [];
  const look = () => {
    for (const one of waiting) if (text.stdout.includes(one.text) || text.stderr.includes(one.text)) one.resolve();
  };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
      look();
    });
  }
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...text })));
  void ended.then(({ code, stdout, stderr }) => {
    for (const one of waiting)
      one.reject(new Error(`ended with ${code} before it printed ${one.text}\n${stdout}\n${stderr}`));
  });
  return {
    child,
    ended,
    printed: (wanted) =>
      new Promise((resolve, reject) => {
        waiting.push({ text: wanted, resolve, reject });
        look();
      }),
  };
}

/** Performs a command to its end. */
export async function photofinish(args: readonly string[], environment?: Record<string, string>): Promise<Ended> {
  return await start(args, environment).ended;
}

/** A folder for results that is removed with everything in it. */
export class ResultsFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'photofinish-results-'));

  /** The one run folder in it. */
  get run(): string {
    const [experiment = ''] = readdirSync(this.path);
    const [run = ''] = readdirSync(join(this.path, experiment));
    return join(this.path, experiment, run);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Process ids of everything below a process: the harness proper, its supervisors and their servers. */
export function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {}
  }
  const below = (one: number): number[] =>
    [...parents].filter(([, parent]) => parent === one).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

/** Those of the processes that are still there. */
export function alive(pids: readonly number[]): number[] {
  return pids.filter((pid) => existsSync(`/proc/${pid}`));
}
