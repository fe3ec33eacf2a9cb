import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type GroupAccount, KeyedFile, numberIn, optionalNumber, pressureSeconds, requiredNumber } from './account.ts';
import type { GroupFolders } from './location.ts';

/**
 * The account of version 2 (kernel: Documentation/admin-guide/cgroup-v2.rst). `memory.peak` is there since Linux 5.19; since 6.12 a write sets it
 * back for the file descriptor written to and no other, so that one is kept open between the edges.
 */
export function accountOfVersion2({ unified }: Extract<GroupFolders, { dialect: 'v2' }>): GroupAccount {
  let peak: number | null = null;
  const release = () => {
    if (peak !== null) closeSync(peak);
    peak = null;
  };
  return {
    source: 'cgroup-v2',
    resetPeak() {
      release();
      peak = resetPeakOf(unified);
      return peak !== null;
    },
    read() {
      const cpu = new KeyedFile(unified, 'cpu.stat');
      const charged = new KeyedFile(unified, 'memory.stat');
      return {
        cpuUserSeconds: cpu.required('user_usec') / 1e6,
        cpuSystemSeconds: cpu.required('system_usec') / 1e6,
        throttledSeconds: cpu.required('throttled_usec') / 1e6,
        throttledPeriods: cpu.required('nr_throttled'),
        usageBytes: requiredNumber(unified, 'memory.current'),
        inactiveFileBytes: charged.required('inactive_file'),
        peakBytes: peak === null ? optionalNumber(unified, 'memory.peak') : numberBehind(peak),
        kernelStackBytes: charged.optional('kernel_stack'),
        outOfMemoryKills: new KeyedFile(unified, 'memory.events').optional('oom_kill'),
        pressureSeconds: pressureSeconds(unified),
      };
    },
    [Symbol.dispose]: release,
  };
}

/** A descriptor of `memory.peak` that has been set back; null where the kernel or its rights refuse. */
function resetPeakOf(folder: string): number | null {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(join(folder, 'memory.peak'), 'r+');
    writeSync(descriptor, 'reset\n');
    return descriptor;
  } catch {
    if (descriptor !== null) closeSync(descriptor);
    return null;
  }
}

function numberBehind(descriptor: number): number | null {
  const buffer = Buffer.alloc(64);
  const length = readSync(descriptor, buffer, 0, buffer.length, 0);
  return numberIn(buffer.toString('latin1', 0, length));
}
