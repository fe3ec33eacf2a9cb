import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Environment variable that says which harness started a process, as `ownLabel` gives it. */
export const harnessLabel = 'PHOTOFINISH_HARNESS';

/** A process that a harness started and that outlived it. */
export interface Leftover {
  readonly pid: number;
  /** Name of its program. */
  readonly program: string;
}

/** Start time of a process in ticks since boot, field 22 of proc_pid_stat(5); null when it is gone. */
async function startTicks(pid: string, proc: string): Promise<string | null> {
  const stat = await readFile(join(proc, pid, 'stat'), 'latin1').catch(() => null);
  return stat === null ? null : (stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null);
}

/** Number of the process id namespace of this process (pid_namespaces(7)); empty where there is none to read. */
async function namespace(proc: string): Promise<string> {
  const link = await readlink(join(proc, 'self', 'ns', 'pid')).catch(() => '');
  return /\d+/.exec(link)?.[0] ?? '';
}

/**
 * The label of this process as a harness: process id, start time, so that a reused id is not mistaken for it, and the namespace in which that id
 * means something. Without a procfs only the id.
 */
export async function ownLabel(proc = '/proc'): Promise<string> {
  return `${process.pid}:${(await startTicks(String(process.pid), proc)) ?? ''}:${await namespace(proc)}`;
}

/** What can be said from here of the harness of a label. `elsewhere`: its process id belongs to another container, so that nothing can be said. */
export async function harnessState(label: string, proc = '/proc'): Promise<'alive' | 'gone' | 'elsewhere'> {
  const [owner = '', since = '', space = ''] = label.split(':');
  if (space !== (await namespace(proc))) return 'elsewhere';
  return (await startTicks(owner, proc)) === since ? 'alive' : 'gone';
}

/** Every process that carries the label of a harness that no longer lives, in ascending order. Empty where there is no procfs. */
export async function findLeftovers(proc = '/proc'): Promise<Leftover[]> {
  const pids = (await readdir(proc).catch((): string[] => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => leftover(pid, proc)));
  return found.filter((one) => one !== null).sort((a, b) => a.pid - b.pid);
}

async function leftover(pid: string, proc: string): Promise<Leftover | null> {
  const environment = await readFile(join(proc, pid, 'environ'), 'latin1').catch(() => '');
  const label = environment.split('\0').find((entry) => entry.startsWith(`${harnessLabel}=`));
  if (label === undefined) return null;
  if ((await harnessState(label.slice(harnessLabel.length + 1), proc)) !== 'gone') return null;
  const program = (await readFile(join(proc, pid, 'comm'), 'latin1').catch(() => 'unknown')).trim();
  return { pid: Number(pid), program };
}

/** Ends a leftover at once. Does nothing when it is gone or carries no such label any more. */
export async function removeLeftover({ pid }: Leftover, proc = '/proc'): Promise<void> {
  if ((await leftover(String(pid), proc)) === null) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
