import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, MeasurementError, type Resources, type ServerHandle, systemClock } from '@photofinish/schema';
import type { Probe, ProbeReading, ResourceUse } from '../probe.ts';
import { type ProcessSample, readProcess, resetPeak } from '../procfs/process.ts';
import { descendants } from '../procfs/tree.ts';
import { processUse } from '../procfs/use.ts';
import type { GroupAccount, GroupReading } from './account.ts';
import { locateGroup } from './location.ts';
import { type NetworkBytes, networkBytes } from './network.ts';
import { accountOfVersion1 } from './version-1.ts';
import { accountOfVersion2 } from './version-2.ts';

/**
 * Reads a server in a container of this host: CPU time, throttling, charged memory and kills from its control group, in whichever dialect the
 * host speaks; processes, resident memory and context switches from procfs.
 *
 * CPU seconds are the group's, whole: exact, and with the children that ended in the window, which procfs loses. Nothing is taken off for the
 * container's init and the supervisor in it, which sleep. They are left out where processes, threads, memory and switches are counted one by
 * one. `root` is `/` outside tests. `start` throws `EnvironmentError` `E_CGROUP` where the group cannot be read.
 */
export function cgroupProbe(clock: Clock = systemClock, root = '/'): Probe {
  return {
    id: 'cgroup',
    async start(server) {
      const init = initOf(server);
      const pids = await serverProcesses(init, root);
      await Promise.all(pids.map((pid) => resetPeak(pid, join(root, 'proc'))));
      const firstProcesses = await readProcesses(init, root);
      const account = accountOf(server, init, root);
      const hasFreshPeak = account.resetPeak();
      // the group's counters come last here and first at the other edge, so that they span the window and little else
      const first = { group: account.read(), network: networkBytes(init, root), at: clock.now() };
      return {
        async finish() {
          const last = { at: clock.now(), group: readAgain(account), network: networkBytes(init, root) };
          const intervalSeconds = last.at - first.at;
          const use: ResourceUse = {
            source: account.source,
            intervalSeconds,
            cpuUserSeconds: rise(first.group.cpuUserSeconds, last.group.cpuUserSeconds),
            cpuSystemSeconds: rise(first.group.cpuSystemSeconds, last.group.cpuSystemSeconds),
            ...processUse(firstProcesses, await readProcesses(init, root)),
            group: {
              ...groupUse(first.group, last.group, intervalSeconds, hasFreshPeak),
              ...networkUse(first.network, last.network),
            },
          };
          account[Symbol.dispose]();
          return use;
        },
        [Symbol.dispose]: () => account[Symbol.dispose](),
      } satisfies ProbeReading;
    },
  };
}

function initOf(server: ServerHandle): number {
  if (server.pid !== null) return server.pid;
  throw new MeasurementError('E_PROBE', {
    what: 'This server has no process on this host whose control group could be read.',
    remedy: "Use the engine's own account: engineStatsProbe.",
  });
}

function accountOf({ containerId }: ServerHandle, init: number, root: string): GroupAccount {
  const folders = locateGroup(init, containerId, root);
  return folders.dialect === 'v1' ? accountOfVersion1(folders) : accountOfVersion2(folders);
}

/** The second edge. A group that could be read at the first and not now went with its container. */
function readAgain(account: GroupAccount): GroupReading {
  try {
    return account.read();
  } catch (cause) {
    throw gone(cause);
  }
}

function gone(cause?: unknown): MeasurementError {
  return new MeasurementError('E_PROBE', {
    what: 'The container had no process left when its resource use was read.',
    remedy: 'Look at its last words in the trial record.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Name of the supervisor as the kernel keeps it, cut to 15 characters (proc_pid_comm(5)). */
const supervisorName = 'photofinish-native'.slice(0, 15);

/** Processes of the server: everything below the container's init but the supervisor. */
async function serverProcesses(init: number, root: string): Promise<number[]> {
  const below = await descendants(init, join(root, 'proc'));
  return below.filter((pid) => nameOf(pid, root) !== supervisorName);
}

function nameOf(pid: number, root: string): string | null {
  try {
    return readFileSync(join(root, 'proc', String(pid), 'comm'), 'utf8').trimEnd();
  } catch {
    return null;
  }
}

async function readProcesses(init: number, root: string): Promise<ProcessSample[]> {
  const pids = await serverProcesses(init, root);
  const read = await Promise.all(pids.map((pid) => readProcess(pid, join(root, 'proc'))));
  const samples = read.filter((sample) => sample !== null);
  if (samples.length > 0) return samples;
  throw gone();
}

/** Counters only rise; the split of version 1 into user and system may go back by a hair. */
const rise = (first: number, last: number) => Math.max(0, last - first);

function groupUse(first: GroupReading, last: GroupReading, intervalSeconds: number, hasFreshPeak: boolean) {
  const kills = [first.outOfMemoryKills, last.outOfMemoryKills] as const;
  return {
    workingSetBytes: rise(last.inactiveFileBytes, last.usageBytes),
    peakBytes: hasFreshPeak || rise(first.peakBytes ?? 0, last.peakBytes ?? 0) > 0 ? last.peakBytes : null,
    kernelStackBytes: last.kernelStackBytes,
    throttledSeconds: rise(first.throttledSeconds, last.throttledSeconds),
    throttledPeriods: rise(first.throttledPeriods, last.throttledPeriods),
    outOfMemoryKills: kills[0] === null || kills[1] === null ? null : rise(kills[0], kills[1]),
    cpuPressure:
      first.pressureSeconds === null || last.pressureSeconds === null || intervalSeconds <= 0
        ? null
        : Math.min(1, rise(first.pressureSeconds, last.pressureSeconds) / intervalSeconds),
  };
}

function networkUse(
  first: NetworkBytes | null,
  last: NetworkBytes | null,
): Pick<NonNullable<Resources['group']>, 'receivedBytes' | 'sentBytes'> {
  if (first === null || last === null) return { receivedBytes: null, sentBytes: null };
  return { receivedBytes: rise(first.received, last.received), sentBytes: rise(first.sent, last.sent) };
}
