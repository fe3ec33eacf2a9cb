import { CapacityReport, type CoreHiccups, HiccupReport } from '@photofinish/schema';
import { ask } from './ask.ts';
import type { NativeCore } from './core.ts';

/**
 * Gaps that a loop spinning for `seconds` on each of the cores, all at once, saw between two readings of the clock: what the host takes away
 * from a measured core. Throws `EnvironmentError` when a core cannot be used.
 */
export async function measureHiccups(
  core: NativeCore,
  cores: readonly number[],
  seconds: number,
): Promise<CoreHiccups[]> {
  const report = HiccupReport.parse(
    await ask(core, ['hiccup', '--cores', cores.join(','), '--seconds', String(seconds)]),
  );
  return report.cores;
}

/**
 * Parallel capacity: sum of the rates of the spin kernel in one process a core over the mean rate of one process alone, `seconds` a reading,
 * four readings. Throws `EnvironmentError` when a core cannot be used.
 */
export async function measureParallelCapacity(
  core: NativeCore,
  cores: readonly number[],
  seconds: number,
): Promise<CapacityReport> {
  return CapacityReport.parse(await ask(core, ['capacity', '--cores', cores.join(','), '--seconds', String(seconds)]));
}

/**
 * Confines every thread of a process, and what it starts from then on, to the cores; nothing on systems that cannot pin, and nothing for an
 * empty list. Throws `EnvironmentError` when the process or a core cannot be used.
 */
export async function confineProcess(core: NativeCore, pid: number, cores: readonly number[]): Promise<void> {
  if (cores.length === 0) return;
  await ask(core, ['confine', '--pid', String(pid), '--cores', cores.join(',')]);
}
