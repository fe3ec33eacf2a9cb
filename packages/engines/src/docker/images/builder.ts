import { join } from 'node:path';
import { EnvironmentError } from '@photofinish/schema';
import { execa } from 'execa';

/** Bounds of one build, seconds: of the whole, and of the time in which nothing is printed. */
export interface BuildDeadlines {
  readonly totalSeconds: number;
  readonly quietSeconds: number;
}

/** How the builder ended: by itself, or because a deadline passed. */
export type BuilderEnd =
  | { readonly by: 'itself'; readonly succeeded: boolean }
  | { readonly by: 'total' | 'quiet'; readonly seconds: number };

/** Milliseconds between asking the builder to end and making it. */
const graceMilliseconds = 5000;

/** Throws `EnvironmentError` when the Docker command line or its builder is missing; both are needed to build, neither to measure. */
export async function requireBuilder(environment: Readonly<Record<string, string>>): Promise<void> {
  const result = await execa('docker', ['buildx', 'version'], {
    env: environment,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    all: true,
    timeout: 20_000,
  });
  if (!result.failed) return;
  if (result.code === 'ENOENT') {
    throw new EnvironmentError('E_DOCKER_CLI', {
      what: 'The command docker was not found; it builds the images.',
      remedy:
        'Install it with its builder: apt-get install docker-cli docker-buildx (Debian), docker-ce-cli docker-buildx-plugin (Docker’s own packages).',
    });
  }
  throw new EnvironmentError('E_BUILDX', {
    what: 'docker has no buildx, which builds the images.',
    given: String(result.all ?? result.shortMessage).trim(),
    remedy: 'Install it: apt-get install docker-buildx (Debian, Ubuntu), docker-buildx-plugin (Docker’s own packages).',
  });
}

/**
 * Performs `docker <args>` in a process group of its own and hands on each line it prints. When a deadline passes, the signal aborts or this process
 * dies, the group is ended, and the engine ends the step it was performing; only then does this return or throw the signal's reason.
 */
export async function performBuild(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  deadlines: BuildDeadlines,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<BuilderEnd> {
  signal.throwIfAborted();
  const child = execa(process.execPath, ['--no-warnings', join(import.meta.dirname, 'builder-guard.ts')], {
    env: environment,
    extendEnv: false,
    stdin: 'pipe',
    all: true,
    buffer: false,
    reject: false,
    detached: true,
  });
  child.stdin.on('error', () => {});
  child.stdin.write(`${JSON.stringify(['docker', ...args])}\n`);
  const passed: { deadline: 'total' | 'quiet' | null } = { deadline: null };
  const endGroup = (name: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  const timers: NodeJS.Timeout[] = [];
  const stop = () => {
    endGroup('SIGTERM');
    timers.push(setTimeout(() => endGroup('SIGKILL'), graceMilliseconds));
  };
  const expire = (deadline: 'total' | 'quiet') => () => {
    if (passed.deadline !== null) return;
    passed.deadline = deadline;
    stop();
  };
  timers.push(setTimeout(expire('total'), deadlines.totalSeconds * 1000));
  const quiet = setTimeout(expire('quiet'), deadlines.quietSeconds * 1000);
  timers.push(quiet);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const line of child.iterable({ from: 'all' })) {
      if (passed.deadline === null) quiet.refresh();
      onLine(line);
    }
    const { failed } = await child;
    signal.throwIfAborted();
    if (passed.deadline !== null) return { by: passed.deadline, seconds: deadlines[`${passed.deadline}Seconds`] };
    return { by: 'itself', succeeded: !failed };
  } finally {
    signal.removeEventListener('abort', stop);
    for (const timer of timers) clearTimeout(timer);
  }
}
