import { cpus, release, type } from 'node:os';
import type { BenchHost } from './record.ts';

/** This host by what matters to the figures. */
export function thisHost(): BenchHost {
  const all = cpus();
  return { model: all[0]?.model.trim() ?? 'unknown', cores: all.length, kernel: `${type()} ${release()}` };
}

/** A reading of the time that all cores were used, for `since`. */
export function coreTimes(): { used: number; all: number } {
  let [used, all] = [0, 0];
  for (const { times } of cpus()) {
    const busy = times.user + times.nice + times.sys + times.irq;
    used += busy;
    all += busy + times.idle;
  }
  return { used, all };
}

/** Share of the time of all cores that was used since a reading, by whomever. */
export function busyShareSince(before: { used: number; all: number }): number {
  const now = coreTimes();
  return now.all > before.all ? Math.min(1, Math.max(0, (now.used - before.used) / (now.all - before.all))) : 0;
}
