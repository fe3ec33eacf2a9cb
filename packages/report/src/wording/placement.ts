import type { EngineAccount, NetworkPath, Placement } from '@photofinish/schema';
import { significant, whole } from './number.ts';

const networks: Record<NetworkPath, string> = {
  loopback: 'over loopback',
  bridge: 'at the container’s own address, each on a network of its own',
  host: 'on the host’s network',
  published: 'through a published port',
};

/** Where servers lived and how they were reached, in one sentence without its full stop. */
export function placementText({ network, topology, limits }: Placement): string {
  const where = topology === 'same-host' ? 'on the load generator’s host' : 'on a host of their own';
  const what = limits === null ? 'processes' : 'containers';
  const limited =
    limits === null
      ? 'limited in cores alone'
      : `limited to ${whole(limits.memoryBytes / 1024 ** 2)} MiB without swap, ${whole(limits.pids)} processes and threads, ${whole(limits.openFiles)} open files`;
  return `${what} ${where}, reached ${networks[network]}, ${limited}`;
}

/** What the engine is; null for local processes, which have nothing to tell. */
export function engineText(account: EngineAccount): string | null {
  if (account.version === null) return null;
  const root = account.rootless === null ? [] : [account.rootless ? 'without root' : 'as root'];
  const driver = account.cgroupDriver === null ? [] : [`control groups by ${account.cgroupDriver}`];
  const trip =
    account.roundTripSeconds === null
      ? []
      : [`round trip to its host ${significant(account.roundTripSeconds * 1e6, 3)} µs`];
  return [account.version, ...root, ...driver, ...account.securityOptions, ...trip].join(', ');
}
