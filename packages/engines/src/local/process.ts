import { EnvironmentError, type ServerExit } from '@photofinish/schema';
import { execa, type ResultPromise } from 'execa';
import type { ProcessLaunch, ServerSpec } from '../engine.ts';
import { LastWords } from './last-words.ts';
import { harnessLabel } from './leftovers.ts';

/** A command under the supervisor of the native core: confined to cores, and killed with all its descendants when this process dies. */
export interface SupervisedProcess {
  /** Process id of the supervisor, whose descendants are the server. */
  readonly pid: number;
  readonly words: LastWords;
  /** Port from the first line of standard output, `listening <port>`; null when that line is anything else or the process ended first. */
  readonly port: Promise<number | null>;
  readonly ended: Promise<ServerExit>;
  /** Asks the server to stop. */
  terminate(): void;
  /** Kills the server and everything it started. */
  kill(): void;
}

const portLine = /^listening (\d{1,5})$/;

/** Starts a command under the supervisor. Throws `EnvironmentError` when the supervisor itself cannot be started. */
export function startSupervised(
  supervisor: string,
  spec: ServerSpec,
  launch: ProcessLaunch,
  label: string,
): SupervisedProcess {
  const confinement = spec.cores.length === 0 ? [] : ['--cores', spec.cores.join(',')];
  const child = execa(supervisor, ['supervise', ...confinement, '--', ...launch.command], {
    cwd: launch.folder,
    env: { ...spec.environment, [harnessLabel]: label },
    extendEnv: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    detached: true,
    cleanup: false,
  });
  const { pid } = child;
  if (pid === undefined) {
    throw new EnvironmentError('E_SUPERVISOR', {
      what: 'The supervisor of the native core could not be started.',
      where: supervisor,
      remedy: 'Check that the file exists and may be executed; `photofinish doctor` says which one is used.',
    });
  }
  const words = new LastWords();
  child.stdin.on('error', () => words.add(''));
  const port = firstLine(child, words).then((line) => {
    const match = line === null ? null : portLine.exec(line);
    return match?.[1] === undefined ? null : Number(match[1]);
  });
  const ended = child.then(
    (result): ServerExit =>
      result.signal === undefined
        ? fromShellCode(result.exitCode ?? null)
        : { code: null, signal: result.signal, reason: 'own' },
  );
  return { pid, words, port, ended, terminate: () => void child.kill('SIGTERM'), kill: () => void child.stdin.end() };
}

const signalNames: Record<number, string> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  6: 'SIGABRT',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};

/** The supervisor ends with the server's code, or with 128 + n after signal n, as shells do. */
function fromShellCode(code: number | null): ServerExit {
  if (code === null || code <= 128) return { code, signal: null, reason: 'own' };
  return { code: null, signal: signalNames[code - 128] ?? `signal ${code - 128}`, reason: 'own' };
}

type Child = ResultPromise<{ stdin: 'pipe'; stdout: 'pipe'; stderr: 'pipe'; buffer: false; reject: false }>;

function firstLine(child: Pick<Child, 'stdout' | 'stderr'>, words: LastWords): Promise<string | null> {
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => words.add(chunk));
  return new Promise((resolve) => {
    let head: string | null = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      words.add(chunk);
      if (head === null) return;
      head += chunk;
      const end = head.indexOf('\n');
      if (end === -1 && head.length < 4096) return;
      resolve(head.slice(0, end === -1 ? undefined : end).trimEnd());
      head = null;
    });
    child.stdout.on('close', () => resolve(null));
  });
}
