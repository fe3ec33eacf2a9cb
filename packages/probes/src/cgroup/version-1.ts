import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GroupAccount, KeyedFile, optionalNumber, pressureSeconds, requiredNumber } from './account.ts';
import type { GroupFolders } from './location.ts';

/** Unit of `cpuacct.stat`: USER_HZ, 100 on every Linux architecture that Node runs on (time(7)). */
const ticksPerSecond = 100;

/**
 * The account of version 1 (kernel: Documentation/admin-guide/cgroup-v1, cpuacct and memory). `cpuacct.usage` is exact to the nanosecond but not
 * split; `cpuacct.stat` is split but steps by 10 ms: the exact total is shared out as the ticks say. Kernel stacks are not told apart here.
 */
export function accountOfVersion1(folders: Extract<GroupFolders, { dialect: 'v1' }>): GroupAccount {
  const { cpu, cpuacct, memory, unified } = folders;
  return {
    source: 'cgroup-v1',
    resetPeak() {
      try {
        writeFileSync(join(memory, 'memory.max_usage_in_bytes'), '0');
        return true;
      } catch {
        return false;
      }
    },
    read() {
      const total = requiredNumber(cpuacct, 'cpuacct.usage') / 1e9;
      const ticks = new KeyedFile(cpuacct, 'cpuacct.stat');
      const [user, system] = [ticks.required('user') / ticksPerSecond, ticks.required('system') / ticksPerSecond];
      const userShare = user + system > 0 ? user / (user + system) : 1;
      const quota = new KeyedFile(cpu, 'cpu.stat');
      const charged = new KeyedFile(memory, 'memory.stat');
      return {
        cpuUserSeconds: total * userShare,
        cpuSystemSeconds: total * (1 - userShare),
        throttledSeconds: quota.required('throttled_time') / 1e9,
        throttledPeriods: quota.required('nr_throttled'),
        usageBytes: requiredNumber(memory, 'memory.usage_in_bytes'),
        inactiveFileBytes: charged.required('total_inactive_file'),
        peakBytes: optionalNumber(memory, 'memory.max_usage_in_bytes'),
        kernelStackBytes: null,
        outOfMemoryKills: new KeyedFile(memory, 'memory.oom_control').optional('oom_kill'),
        pressureSeconds: pressureSeconds(unified),
      };
    },
    [Symbol.dispose]() {},
  };
}
