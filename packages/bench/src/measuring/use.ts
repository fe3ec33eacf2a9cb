import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NativeCore } from '@photofinish/loadgen';
import { MeasurementError } from '@photofinish/schema';
import { execa } from 'execa';
import type { Load, Reading, Way } from '../peers/peer.ts';

/** A load generator that was used: what it says, and what the kernel says of it. */
export interface Use extends Reading {
  /** Processor time, user and system, of the process and all its threads and children from first instruction to last, seconds. */
  readonly cpuSeconds: number;
}

/** Where it is used. */
export interface Place {
  /** Supervises: what it starts does not outlive it. */
  readonly core: NativeCore;
  /** Cores that the generator is confined to; none: it is not. */
  readonly cores: readonly number[];
}

/** Seconds after the planned end at which a generator is given up. */
const patienceSeconds = 60;

/**
 * Performs one load and reads what came of it. The processor time is the kernel's account of ended children, which bash prints to the
 * millisecond: the same account for any program. Throws `MeasurementError` `E_PEER_FAILED` when the generator fails, and the signal's reason
 * when it is aborted.
 */
export async function use(way: Way, load: Load, { core, cores }: Place, signal: AbortSignal): Promise<Use> {
  signal.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), 'photofinish-bench-'));
  try {
    const command = await way.command(load, folder);
    const pinned = cores.length === 0 ? [] : ['--cores', cores.join(',')];
    const timed = ['bash', '-c', 'TIMEFORMAT="processor %3U %3S"; time "$@"', 'bash', ...command];
    // Its standard input is held open: the supervisor ends everything when that ends.
    const child = execa(core.path, ['supervise', ...pinned, '--', ...timed], {
      reject: false,
      stdin: 'pipe',
      stripFinalNewline: false,
      maxBuffer: 1 << 26,
      timeout: (load.seconds + patienceSeconds) * 1000,
      cancelSignal: signal,
    });
    const { stdout, stderr, failed, timedOut, exitCode } = await child;
    signal.throwIfAborted();
    const times = /processor ([\d.]+) ([\d.]+)\s*$/.exec(stderr);
    if (failed || times === null) throw broken(way, command, timedOut ? undefined : exitCode, stderr);
    return { ...(await way.read(stdout, folder, load)), cpuSeconds: Number(times[1]) + Number(times[2]) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A shell ends with 128 and the number of the signal that ended the program. */
function broken({ id }: Way, command: readonly string[], code: number | undefined, stderr: string): MeasurementError {
  const name = Object.entries(constants.signals).find(([, number]) => number === (code ?? 0) - 128)?.[0];
  return new MeasurementError('E_PEER_FAILED', {
    what: `${id} failed: it ${code === undefined ? `did not end ${patienceSeconds} s after it should have` : `ended with ${name ?? `code ${code}`}`}.`,
    given: stderr.slice(0, 500),
    remedy: `Try it alone: ${command.join(' ')}`,
  });
}
