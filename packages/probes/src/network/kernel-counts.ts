import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { KernelCounts } from '@photofinish/schema';

/**
 * What the kernel lost of TCP's traffic since boot in the network namespace of a process that has one of its own. `shared` where it is the
 * harness's, which the load core reads itself; null where it cannot be read, or the engine has no processes.
 */
export async function readKernelCounts(pid: number | null, root = '/'): Promise<KernelCounts | 'shared' | null> {
  if (pid === null) return null;
  const namespaceOf = (who: string) => readlink(join(root, 'proc', who, 'ns/net')).catch(() => null);
  const [theirs, ours] = await Promise.all([namespaceOf(String(pid)), namespaceOf('self')]);
  if (theirs === null || ours === null) return null;
  if (theirs === ours) return 'shared';
  const [netstat, snmp] = await Promise.all(
    ['netstat', 'snmp'].map((name) => readFile(join(root, 'proc', String(pid), 'net', name), 'latin1').catch(() => '')),
  );
  const counts = {
    listenOverflows: counter(netstat ?? '', 'TcpExt', 'ListenOverflows'),
    listenDrops: counter(netstat ?? '', 'TcpExt', 'ListenDrops'),
    timeouts: counter(netstat ?? '', 'TcpExt', 'TCPTimeouts'),
    retransmissions: counter(snmp ?? '', 'Tcp', 'RetransSegs'),
    duplicates: counter(netstat ?? '', 'TcpExt', 'TCPDSACKRecv'),
  };
  return Object.values(counts).some((count) => count === null) ? null : (counts as KernelCounts);
}

/** A counter out of a table of line pairs, names above figures (kernel: networking/snmp_counter.rst). */
function counter(text: string, table: string, name: string): number | null {
  const [names, figures] = text
    .split('\n')
    .filter((line) => line.startsWith(`${table}:`))
    .map((line) => line.split(' '));
  const figure = figures?.[names?.indexOf(name) ?? -1];
  return figure === undefined ? null : Number(figure);
}

/** What was lost between two readings; null where either is unknown, `shared` where both are. */
export function kernelCountsBetween(
  first: KernelCounts | 'shared' | null,
  last: KernelCounts | 'shared' | null,
): KernelCounts | 'shared' | null {
  if (first === null || last === null) return null;
  if (first === 'shared' || last === 'shared') return first === last ? 'shared' : null;
  const rise = (of: keyof KernelCounts) => Math.max(0, last[of] - first[of]);
  return {
    listenOverflows: rise('listenOverflows'),
    listenDrops: rise('listenDrops'),
    timeouts: rise('timeouts'),
    retransmissions: rise('retransmissions'),
    duplicates: rise('duplicates'),
  };
}
