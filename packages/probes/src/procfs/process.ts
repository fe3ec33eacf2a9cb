import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One process at one instant. Bytes, seconds, counts. */
export interface ProcessSample {
  readonly pid: number;
  /** From `stat`, in ticks of 10 ms: includes threads that have ended. */
  readonly tickUserSeconds: number;
  readonly tickSystemSeconds: number;
  /** On-CPU time of each live thread, from `task/<tid>/schedstat`, exact to the nanosecond; empty where the kernel does not keep it. */
  readonly threadSeconds: ReadonlyMap<number, number>;
  readonly rssBytes: number;
  readonly rssPeakBytes: number;
  readonly virtualBytes: number;
  readonly pssBytes: number | null;
  readonly threads: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
}

/** Clock ticks per second of `stat`: USER_HZ, 100 on every Linux architecture that Node runs on (time(7)). */
const ticksPerSecond = 100;

const text = (path: string) => readFile(path, 'latin1').catch(() => null);

/** Number behind a label of a `status`-like file; kB become bytes. Null where the line is missing. */
export function statusField(status: string, label: string): number | null {
  const match = new RegExp(`^${label}:\\s+(\\d+)( kB)?$`, 'm').exec(status);
  return match === null ? null : Number(match[1]) * (match[2] === undefined ? 1 : 1024);
}

/** Reads one process; null when it is gone. */
export async function readProcess(pid: number, proc = '/proc'): Promise<ProcessSample | null> {
  const folder = join(proc, String(pid));
  const [stat, status, rollup, tids] = await Promise.all([
    text(join(folder, 'stat')),
    text(join(folder, 'status')),
    text(join(folder, 'smaps_rollup')),
    readdir(join(folder, 'task')).catch(() => null),
  ]);
  if (stat === null || status === null || tids === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const tasks = await Promise.all(tids.map((tid) => readTask(join(folder, 'task', tid), Number(tid))));
  const live = tasks.filter((task) => task !== null);
  return {
    pid,
    tickUserSeconds: Number(fields[11]) / ticksPerSecond,
    tickSystemSeconds: Number(fields[12]) / ticksPerSecond,
    threadSeconds: new Map(live.filter((task) => task.seconds !== null).map((task) => [task.tid, task.seconds ?? 0])),
    rssBytes: statusField(status, 'VmRSS') ?? 0,
    rssPeakBytes: statusField(status, 'VmHWM') ?? 0,
    virtualBytes: statusField(status, 'VmSize') ?? 0,
    pssBytes: rollup === null ? null : statusField(rollup, 'Pss'),
    threads: live.length,
    voluntarySwitches: live.reduce((sum, task) => sum + task.voluntary, 0),
    involuntarySwitches: live.reduce((sum, task) => sum + task.involuntary, 0),
  };
}

async function readTask(folder: string, tid: number) {
  const [schedstat, status] = await Promise.all([text(join(folder, 'schedstat')), text(join(folder, 'status'))]);
  if (status === null) return null;
  const nanoseconds = schedstat?.split(' ')[0];
  return {
    tid,
    seconds: nanoseconds === undefined || nanoseconds === '' ? null : Number(nanoseconds) / 1e9,
    voluntary: statusField(status, 'voluntary_ctxt_switches') ?? 0,
    involuntary: statusField(status, 'nonvoluntary_ctxt_switches') ?? 0,
  };
}

/** Sets a process's peak of resident memory back to its present value (proc_pid_clear_refs(5), value 5). Does nothing where that is refused. */
export async function resetPeak(pid: number, proc = '/proc'): Promise<void> {
  await writeFile(join(proc, String(pid), 'clear_refs'), '5').catch(() => {});
}
