import { type Clock, MeasurementError, type ServerHandle, systemClock } from '@photofinish/schema';
import type { Probe, ProbeReading, ResourceUse } from '../probe.ts';
import { type ProcessSample, readProcess, resetPeak } from './process.ts';
import { descendants } from './tree.ts';
import { processUse } from './use.ts';

/** Reads the whole process tree of a server from procfs. */
export function procfsProbe(clock: Clock = systemClock, proc = '/proc'): Probe {
  return {
    id: 'procfs',
    async start(server) {
      const pids = await descendants(rootOf(server), proc);
      await Promise.all(pids.map((pid) => resetPeak(pid, proc)));
      const first = await readTree(server, proc);
      const firstAt = clock.now();
      return {
        async finish() {
          const lastAt = clock.now();
          const last = await readTree(server, proc);
          return difference(first, last, lastAt - firstAt);
        },
        [Symbol.dispose]() {},
      } satisfies ProbeReading;
    },
  };
}

function rootOf(server: ServerHandle): number {
  if (server.pid !== null) return server.pid;
  throw new MeasurementError('E_PROBE', {
    what: 'This engine has no processes that procfs could show.',
    remedy: "Use the engine's own probe.",
  });
}

async function readTree(server: ServerHandle, proc: string): Promise<ProcessSample[]> {
  const pids = await descendants(rootOf(server), proc);
  const samples = (await Promise.all(pids.map((pid) => readProcess(pid, proc)))).filter((sample) => sample !== null);
  if (samples.length > 0) return samples;
  throw new MeasurementError('E_PROBE', {
    what: 'The server had no process left when its resource use was read.',
    remedy: 'Look at its last words in the trial record.',
  });
}

/**
 * CPU seconds between two samples of one process. The threads' own counters are exact but lose threads that ended; the process's ticks keep
 * them but step by 10 ms. The exact figure is taken unless the ticks show more than their own rounding (two ticks, user and system).
 */
export function cpuSeconds(first: ProcessSample | undefined, last: ProcessSample): { user: number; system: number } {
  const user = last.tickUserSeconds - (first?.tickUserSeconds ?? 0);
  const system = last.tickSystemSeconds - (first?.tickSystemSeconds ?? 0);
  const ticks = user + system;
  let exact = 0;
  for (const [tid, value] of last.threadSeconds) exact += value - (first?.threadSeconds.get(tid) ?? 0);
  const total = last.threadSeconds.size > 0 && ticks - exact <= 0.04 ? exact : ticks;
  const userShare = ticks > 0 ? user / ticks : 1;
  return { user: total * userShare, system: total * (1 - userShare) };
}

function difference(
  first: readonly ProcessSample[],
  last: readonly ProcessSample[],
  intervalSeconds: number,
): ResourceUse {
  const before = new Map(first.map((sample) => [sample.pid, sample]));
  const cpu = last.map((sample) => cpuSeconds(before.get(sample.pid), sample));
  return {
    source: 'procfs',
    intervalSeconds,
    cpuUserSeconds: cpu.reduce((total, part) => total + part.user, 0),
    cpuSystemSeconds: cpu.reduce((total, part) => total + part.system, 0),
    ...processUse(first, last),
    group: null,
  };
}
