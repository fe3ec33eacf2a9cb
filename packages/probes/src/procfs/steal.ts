import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Time of some cores since boot, in ticks (proc_stat(5)). */
export interface CoreTimes {
  readonly total: number;
  /** What the hypervisor gave to others. */
  readonly steal: number;
  /** What programs used, in user space or in the kernel for them: `user`, `nice` and `system`. Interrupts belong to no program and are not in it. */
  readonly programs: number;
  readonly cores: number;
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
    programs: columns.reduce((sum, row) => sum + (row[0] ?? 0) + (row[1] ?? 0) + (row[2] ?? 0), 0),
    cores: columns.length,
  };
}

/** Share of the cores' time between two readings that went to others; null where either is missing or no time passed. */
export function stealShare(first: CoreTimes | null, last: CoreTimes | null): number | null {
  if (first === null || last === null || last.total <= first.total) return null;
  return Math.max(0, (last.steal - first.steal) / (last.total - first.total));
}

/** Mean number of cores that programs kept busy between two readings; null where either is missing or no time passed. */
export function coresBusy(first: CoreTimes | null, last: CoreTimes | null): number | null {
  if (first === null || last === null || last.total <= first.total) return null;
  return (last.cores * (last.programs - first.programs)) / (last.total - first.total);
}
