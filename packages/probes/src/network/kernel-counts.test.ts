import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostOf } from '../specimens/tree.ts';
import { kernelCountsBetween, readKernelCounts } from './kernel-counts.ts';

/** A host with the counters of process 7, as a kernel 6.1 shows them, most columns left out. */
function host(namespace: string): string {
  const root = hostOf({
    'proc/7/net/netstat':
      'TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPTimeouts TCPDSACKRecv\nTcpExt: 3 299 301 1220 17\nIpExt: InNoRoutes ListenDrops\nIpExt: 0 7\n',
    'proc/7/net/snmp': 'Ip: Forwarding\nIp: 1\nTcp: ActiveOpens RetransSegs InErrs\nTcp: 12 10316 0\n',
  });
  for (const [who, target] of [
    ['7', namespace],
    ['self', 'net:[1]'],
  ] as const) {
    mkdirSync(join(root, 'proc', who, 'ns'), { recursive: true });
    symlinkSync(target, join(root, 'proc', who, 'ns/net'));
  }
  return root;
}

const counts = { listenOverflows: 299, listenDrops: 301, timeouts: 1220, retransmissions: 10_316, duplicates: 17 };

test('reads the counters of a process with a network namespace of its own', async () => {
  expect(await readKernelCounts(7, host('net:[2]'))).toEqual(counts);
});

test('says that a namespace is shared, and not that nothing was lost in it', async () => {
  expect(await readKernelCounts(7, host('net:[1]'))).toBe('shared');
});

test('is unknown without a process, without its namespace and without its counters', async () => {
  expect(await readKernelCounts(null)).toBeNull();
  expect(await readKernelCounts(7, hostOf({}))).toBeNull();
  const root = hostOf({ 'proc/7/net/snmp': 'Tcp: RetransSegs\nTcp: 1\n' });
  for (const [who, target] of [
    ['7', 'net:[2]'],
    ['self', 'net:[1]'],
  ] as const) {
    mkdirSync(join(root, 'proc', who, 'ns'), { recursive: true });
    symlinkSync(target, join(root, 'proc', who, 'ns/net'));
  }
  expect(await readKernelCounts(7, root)).toBeNull();
});

test('what was lost in between is the rise, unknown where either reading is', () => {
  expect(kernelCountsBetween(counts, { ...counts, timeouts: 1223 })).toEqual({
    listenOverflows: 0,
    listenDrops: 0,
    timeouts: 3,
    retransmissions: 0,
    duplicates: 0,
  });
  expect(kernelCountsBetween('shared', 'shared')).toBe('shared');
  expect(kernelCountsBetween('shared', counts)).toBeNull();
  expect(kernelCountsBetween(null, counts)).toBeNull();
});
