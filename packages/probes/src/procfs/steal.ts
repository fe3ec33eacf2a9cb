import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Time of some cores since boot, in ticks: all of it, and what the hypervisor gave to others (proc_stat(5), field `steal`). */
export interface CoreTimes {
  readonly total: number;
  readonly steal: number;
}

/** Reads the times of the given cores; null where the kernel does not keep them. */
export async function readCoreTimes(cores: readonly number[], proc = '/proc'): Promise<CoreTimes | null> {
  const stat = await readFile(join(proc, 'stat'), 'latin1').catch(() => null);
  if (stat === null) return null;
  const wanted = new Set(cores.map((core) => `cpu${core}`));
  const rows = stat
    .split('\n')
    .map((line) => line.split(/\s+/))
    .filter(([name]) => name !== undefined && wanted.has(name));
  if (rows.length === 0) return null;
  // guest time is already counted in user time, so only the first eight columns are added
  const columns = rows.map((row) => row.slice(1, 9).map(Number));
  return {
    total: columns.flat().reduce((sum, value) => sum + value, 0),
    steal: columns.reduce((sum, row) => sum + (row[7] ?? 0), 0),
  };
}

/** Share of the cores' time between two readings that went to others; null where either is missing or no time passed. */
export function stealShare(first: CoreTimes | null, last: CoreTimes | null): number | null {
  if (first === null || last === null || last.total <= first.total) return null;
  return Math.max(0, (last.steal - first.steal) / (last.total - first.total));
}
