import { join } from 'node:path';
import type { Condition } from '@photofinish/schema';
import { type About, fine, harm, type Needs } from './condition.ts';
import { kernelNumber, kernelText } from './kernel-file.ts';

/** Room for connections in this network namespace; null where the kernel does not tell or, for tracking, does none. */
export interface NetworkRoom {
  /** Ports a client may choose from: `ip_local_port_range`. */
  readonly ports: { readonly first: number; readonly last: number } | null;
  /** Longest queue of connections not yet accepted: `somaxconn`. */
  readonly queue: number | null;
  readonly tracking: { readonly used: number; readonly limit: number } | null;
}

/** Reads it from `/proc/sys/net` (kernel: networking/ip-sysctl.rst, nf_conntrack-sysctl.rst). `root` is `/` outside tests. */
export async function readNetworkRoom(root = '/'): Promise<NetworkRoom> {
  const net = join(root, 'proc/sys/net');
  const [range, queue, used, limit] = await Promise.all([
    kernelText(join(net, 'ipv4/ip_local_port_range')),
    kernelNumber(join(net, 'core/somaxconn')),
    kernelNumber(join(net, 'netfilter/nf_conntrack_count')),
    kernelNumber(join(net, 'netfilter/nf_conntrack_max')),
  ]);
  const ports = /^(\d+)\s+(\d+)$/.exec(range ?? '');
  return {
    ports: ports === null ? null : { first: Number(ports[1]), last: Number(ports[2]) },
    queue,
    tracking: used === null || limit === null ? null : { used, limit },
  };
}

/** Judges whether the connections of a plan find room. */
export function judgeNetworkRoom(room: NetworkRoom, { connections }: Needs): Condition[] {
  return [ports(room, connections), queue(room, connections), tracking(room, connections)];
}

/** Spare room beyond the connections of a plan, as a factor (reference: reliability 8). */
const spare = 1.2;

/** All connections of a trial go from one address to one other, so each needs a port of its own; servers follow each other on new ports. */
function ports({ ports: range }: NetworkRoom, connections: number | null): Condition {
  const about: About = { id: 'ephemeral-ports', title: 'Ports for connections' };
  if (range === null) return fine(about, 'not shown by this system');
  const count = range.last - range.first + 1;
  const found = `${range.first} to ${range.last}, ${count} ports`;
  const wanted = Math.ceil((connections ?? 1024) * spare);
  if (count >= wanted) return fine(about, found);
  return harm(about, connections === null ? 'warning' : 'refusal', {
    found,
    effect: `${wanted} are needed, or connections fail with EADDRNOTAVAIL`,
    remedy: 'sudo sysctl -w net.ipv4.ip_local_port_range="1024 65535"',
  });
}

/** Listen backlog that every target must have (contract, traps). */
const shortestQueue = 1024;

function queue({ queue: length }: NetworkRoom, connections: number | null): Condition {
  const about: About = { id: 'listen-queue', title: 'Longest listen queue' };
  if (length === null) return fine(about, 'not shown by this system');
  const found = `${length} (containers with a network of their own have their own)`;
  const wanted = Math.max(shortestQueue, Math.min(connections ?? 0, 65_535));
  if (length >= wanted) return fine(about, found);
  const tooShort = length < shortestQueue;
  return harm(about, tooShort && connections !== null ? 'refusal' : 'warning', {
    found,
    effect: tooShort
      ? `no target can have the backlog of ${shortestQueue} that the contract asks for`
      : `a burst of ${connections} connections may overflow it`,
    remedy: `sudo sysctl -w net.core.somaxconn=${Math.max(4096, wanted)}`,
  });
}

/** A connection through a bridge or a published port is tracked once in the host and, after its end, for a while. */
function tracking({ tracking: table }: NetworkRoom, connections: number | null): Condition {
  const about: About = { id: 'connection-tracking', title: 'Connection tracking' };
  if (table === null) return fine(about, 'off');
  const found = `${table.used} of ${table.limit} entries`;
  const wanted = table.used + Math.ceil((connections ?? 1024) * 2 * spare);
  if (table.limit >= wanted) return fine(about, found);
  return harm(about, connections === null ? 'warning' : 'refusal', {
    found,
    effect: `${wanted} are needed, or new connections are dropped`,
    remedy: `sudo sysctl -w net.netfilter.nf_conntrack_max=${Math.max(262_144, wanted)}`,
  });
}
