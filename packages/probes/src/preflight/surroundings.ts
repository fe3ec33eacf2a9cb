import { join } from 'node:path';
import type { Condition, Host, TopologyCore } from '@photofinish/schema';
import { type About, fine, harm, type Needs } from './condition.ts';
import { type Confinement, readConfinement } from './confinement.ts';
import { kernelText } from './kernel-file.ts';
import { judgeNetworkRoom, type NetworkRoom, readNetworkRoom } from './network-room.ts';
import { judgeSeats } from './seats.ts';

/** What stands around a measurement beside the host itself: the harness's own limits, swap, room for connections. */
export interface Surroundings {
  readonly confinement: Confinement;
  readonly network: NetworkRoom;
  /** Swap there is and swap in use, bytes; null where the kernel does not tell. */
  readonly swap: { readonly bytes: number; readonly usedBytes: number } | null;
}

/** Reads them, changing nothing. `root` is `/` outside tests. */
export async function readSurroundings(root = '/'): Promise<Surroundings> {
  const [confinement, network, swaps] = await Promise.all([
    readConfinement(root),
    readNetworkRoom(root),
    kernelText(join(root, 'proc/swaps')),
  ]);
  return { confinement, network, swap: swaps === null ? null : swapOf(swaps) };
}

/** Sums of `/proc/swaps`, whose third and fourth columns are KiB. */
function swapOf(text: string): NonNullable<Surroundings['swap']> {
  const rows = text
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/));
  const sum = (column: number) => rows.reduce((total, row) => total + Number(row[column] ?? 0) * 1024, 0);
  return { bytes: sum(2), usedBytes: sum(3) };
}

/** Each of them ok, warning or refusal, with the command that mends it. `topology` is of the host that holds the cores of the plan. */
export function judgeSurroundings(
  { confinement, network, swap }: Surroundings,
  host: Host,
  topology: readonly TopologyCore[],
  needs: Needs,
): Condition[] {
  return [
    cgroups(host),
    quota(confinement, needs),
    cpuset(confinement),
    ...judgeSeats(topology, needs),
    swapping(swap),
    ...judgeNetworkRoom(network, needs),
  ];
}

function cgroups({ cgroupVersion }: Host): Condition {
  const about: About = { id: 'cgroups', title: 'Control groups' };
  const texts = { v1: 'version 1', v2: 'version 2', hybrid: 'version 1 with version 2 beside (hybrid)' };
  if (cgroupVersion !== 'none') return fine(about, texts[cgroupVersion]);
  return harm(about, 'warning', {
    found: 'none mounted',
    effect: 'no container can be confined, and throttling and memory of a server cannot be read',
    remedy: 'Mount them: sudo mount -t cgroup2 none /sys/fs/cgroup',
  });
}

/** A quota of the harness's own group throttles generator and local servers alike, at the end of each period, which looks like a tail of response time. */
function quota({ quotaCores, allowedCores }: Confinement, needs: Needs): Condition {
  const about: About = { id: 'cpu-quota', title: 'CPU quota of this process' };
  if (quotaCores === null) return fine(about, 'none');
  const found = `${Number(quotaCores.toFixed(2))} cores`;
  const used = needs.cores?.length ?? allowedCores.length;
  if (quotaCores >= Math.max(used, allowedCores.length)) return fine(about, `${found}, as many as it may use`);
  return harm(about, quotaCores < used && needs.cores !== null ? 'refusal' : 'warning', {
    found: `${found} over ${allowedCores.length} that it may use`,
    effect: 'the kernel throttles generator and local servers when it is spent',
    remedy:
      'Start this shell or container with a cpuset instead of a quota (docker run --cpuset-cpus, not --cpus; systemd: AllowedCPUs=, not CPUQuota=).',
  });
}

function cpuset({ onlineCores, allowedCores }: Confinement): Condition {
  const about: About = { id: 'cpuset', title: 'Cores taken from this process' };
  const missing = onlineCores.filter((core) => !allowedCores.includes(core));
  if (onlineCores.length === 0 || allowedCores.length === 0) return fine(about, 'not shown by this system');
  if (missing.length === 0) return fine(about, 'none');
  return harm(about, 'warning', {
    found: missing.join(','),
    effect: 'they cannot be measured on, and whoever uses them shares caches and memory with those that can',
    remedy: `Give them back (taskset -pc ${onlineCores.join(',')} $$, or the cpuset of its group), or keep them idle.`,
  });
}

function swapping(swap: Surroundings['swap']): Condition {
  const about: About = { id: 'swap', title: 'Swap' };
  if (swap === null) return fine(about, 'not shown by this system');
  if (swap.bytes === 0) return fine(about, 'none');
  const mebibytes = (value: number) => `${Math.round(value / 1_048_576)} MiB`;
  const found = `${mebibytes(swap.usedBytes)} of ${mebibytes(swap.bytes)} in use`;
  if (swap.usedBytes === 0) return fine(about, found);
  return harm(about, 'warning', {
    found,
    effect:
      'a page of server or generator on disk stops it for milliseconds; a window in which the host swaps is invalid',
    remedy: 'sudo swapoff -a',
  });
}
