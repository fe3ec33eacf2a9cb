import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Time of some cores since boot, in ticks (proc_stat(5)). */
export interface CoreTimes {
  readonly total: number;
  /** What the hypervisor gave to others. */
  readonly steal: number;
  /** What programs used, in user space or in the kernel for them: `user`, `nice` and `system`. Interrupts belong to no program and are not in it. */
  readonly programs: number;
}

/** Reads the times of each of the given cores; null where the kernel does not keep those of all of them. */
export async function readCoreTimes(
  cores: readonly number[],
  proc = '/proc',
): Promise<ReadonlyMap<number, CoreTimes> | null> {
  const stat = await readFile(join(proc, 'stat'), 'latin1').catch(() => '');
  const rows = stat
    .split('\n')
    .map((line) => /^cpu(\d+) (.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, core, figures = '']) => [Number(core), timesOf(figures.split(' ').map(Number))] as const);
  const times = new Map(rows.filter(([core]) => cores.includes(core)));
  return times.size > 0 && cores.every((core) => times.has(core)) ? times : null;
}

function timesOf(columns: readonly number[]): CoreTimes {
  // guest time is already counted in user time, so only the first eight columns are added
  const [user = 0, nice = 0, system = 0, , , , , steal = 0] = columns;
  return { total: columns.slice(0, 8).reduce((sum, value) => sum + value, 0), steal, programs: user + nice + system };
}

/** Time that passed on some cores between two readings; null where either lacks one of them or no time passed. */
export function timesBetween(
  first: ReadonlyMap<number, CoreTimes> | null,
  last: ReadonlyMap<number, CoreTimes> | null,
  cores: readonly number[],
): CoreTimes | null {
  const passed = (value: (times: CoreTimes) => number) =>
    cores.reduce((sum, core) => {
      const [before, after] = [first?.get(core), last?.get(core)];
      return before === undefined || after === undefined ? Number.NaN : sum + value(after) - value(before);
    }, 0);
  const total = passed((times) => times.total);
  if (!(total > 0)) return null;
  return {
    total,
    steal: Math.max(
      0,
      passed((times) => times.steal),
    ),
    programs: passed((times) => times.programs),
  };
}
