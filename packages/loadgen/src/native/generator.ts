import { createInterface } from 'node:readline';
import {
  EnvironmentError,
  LoadEvent,
  type LoadJob,
  type LoadResult,
  MeasurementError,
  type PhotofinishError,
  UsageError,
} from '@photofinish/schema';
import { execa } from 'execa';
import type { DriveHooks, Generator } from '../generator.ts';
import type { NativeCore } from './core.ts';

/** The generator behind the native core: one process a job, which ends at once when this process does. */
export function nativeGenerator(core: NativeCore): Generator {
  return {
    id: 'native',
    async drive(job, hooks, signal) {
      signal.throwIfAborted();
      await using load = startLoad(core, job);
      using _killing = whenAborted(signal, () => load.kill());
      using _stopping = whenAborted(hooks.stop, () => load.write('stop'));
      try {
        return await converse(load, hooks);
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      }
    },
  };
}

/** Calls back when the signal aborts, or at once when it has; disposing of it lets go of the signal. */
function whenAborted(signal: AbortSignal | undefined, then: () => void): Disposable {
  if (signal?.aborted === true) then();
  else signal?.addEventListener('abort', then, { once: true });
  return { [Symbol.dispose]: () => signal?.removeEventListener('abort', then) };
}

interface LoadProcess extends AsyncDisposable {
  lines(): AsyncIterable<string>;
  write(line: string): void;
  kill(): void;
  /** How it ended, in words. */
  ending(): Promise<string>;
}

function startLoad(core: NativeCore, job: LoadJob): LoadProcess {
  const child = execa(core.path, ['load'], {
    stdin: 'pipe',
    buffer: { stdout: false },
    maxBuffer: { stderr: 64 * 1024 },
    reject: false,
    env: {},
    extendEnv: false,
  });
  // A core that has ended refuses further lines; how it ended says more than the broken pipe.
  child.stdin.on('error', () => {});
  const write = (line: string) => void child.stdin.write(`${line}\n`);
  write(JSON.stringify(job));
  return {
    lines: () => createInterface({ input: child.stdout }),
    write,
    kill: () => void child.kill('SIGKILL'),
    ending: async () => {
      const result = await child;
      return [result.shortMessage ?? `it ended with code ${result.exitCode}`, result.stderr.trim()].join('\n').trim();
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      // Unread lines would keep the pipe open.
      child.stdout.resume();
      await child;
    },
  };
}

/** Follows the events up to the last. */
async function converse(load: LoadProcess, hooks: DriveHooks): Promise<LoadResult> {
  for await (const line of load.lines()) {
    const event = parseEvent(line);
    switch (event.event) {
      case 'warm':
        await hooks.onWarm();
        load.write('measure');
        break;
      case 'window-end':
        await hooks.onWindowEnd();
        break;
      case 'result':
        return event.result;
      case 'error':
        throw errorOf(event);
    }
  }
  throw failed(await load.ending());
}

function parseEvent(line: string): LoadEvent {
  try {
    return LoadEvent.parse(JSON.parse(line));
  } catch (cause) {
    throw failed(`it printed ${JSON.stringify(line.slice(0, 200))}, which is not one of its events`, cause);
  }
}

/** A job the core refuses is a mistake of whoever made it; everything else it names is something the machine lacks. */
function errorOf({ code, what, remedy }: Extract<LoadEvent, { event: 'error' }>): PhotofinishError {
  const parts = { what: `The load generator: ${what}`, remedy };
  return code === 'E_JOB' ? new UsageError(code, parts) : new EnvironmentError(code, parts);
}

function failed(given: string, cause?: unknown): MeasurementError {
  return new MeasurementError('E_GENERATOR_FAILED', {
    what: 'The load generator ended without a result.',
    given,
    remedy:
      'Nothing it measured is kept. When it happens again, photofinish doctor says whether the native core works.',
    ...(cause === undefined ? {} : { cause }),
  });
}
