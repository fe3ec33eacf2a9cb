import { readdir, readFile } from 'node:fs/promises';

/** The value of one line of proc_pid_status(5); null when there is none. */
export const statusField = (status: string, label: string): string | null =>
  new RegExp(`^${label}:\\s+(\\S+)$`, 'm').exec(status)?.[1] ?? null;

/** Cores in the kernel's list format, `0-2,5`, as a set of numbers in words: `0,1,2,5`. */
export function listed(text: string): string {
  const numbers = text.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  return numbers.sort((a, b) => a - b).join(',');
}

/**
 * Differences between the cores a server was given and those its processes may use, read back from procfs (proc_pid_status(5),
 * `Cpus_allowed_list`). `supervisor` is the process whose children are the server. Empty where nothing was to be confined or there is no procfs.
 */
export async function affinityDifferences(supervisor: number, cores: readonly number[]): Promise<string[]> {
  if (cores.length === 0) return [];
  const asked = [...cores].sort((a, b) => a - b).join(',');
  const pids = await readdir('/proc').then(
    (names) => names.filter((name) => /^\d+$/.test(name)),
    () => [],
  );
  const statuses = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/status`, 'latin1').catch(() => '')));
  return statuses.flatMap((status) => {
    if (statusField(status, 'PPid') !== String(supervisor)) return [];
    const given = listed(statusField(status, 'Cpus_allowed_list') ?? '');
    return given === asked ? [] : [`process ${statusField(status, 'Pid')} may use cores ${given}, not ${asked}`];
  });
}
