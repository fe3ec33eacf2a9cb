import type { KernelCounts } from '@photofinish/schema';
import { type Guard, passed } from './guard.ts';

/** Counters by the kernel's own names, those that rose. */
function risen({ listenOverflows, listenDrops, timeouts, retransmissions }: KernelCounts): string[] {
  const named = {
    ListenOverflows: listenOverflows,
    ListenDrops: listenDrops,
    TCPTimeouts: timeouts,
    RetransSegs: retransmissions,
  };
  return Object.entries(named).flatMap(([name, count]) => (count === 0 ? [] : [`${name} ${count}`]));
}

/**
 * Nothing was lost between generator and server: no connection turned away by a full listen queue, no segment sent again (reference: method 19).
 * A lost segment costs 200 ms and more (RFC 6298, Linux's shortest timeout), whoever's response time it falls into. Counted by the kernel for
 * everybody in a network namespace, that of the generator and, where it is another, that of the server.
 */
export const kernel: Guard = ({ result, serverKernel }) => {
  const limit = 'none lost: ListenOverflows, ListenDrops, TCPTimeouts and RetransSegs stay as they were';
  const places = [
    { where: 'where the generator is', counts: result.kernel },
    ...(serverKernel === 'shared' ? [] : [{ where: 'where the server is', counts: serverKernel }]),
  ];
  const lost = places.flatMap(({ where, counts }) => {
    const counters = counts === null ? [] : risen(counts);
    return counters.length === 0 ? [] : [`${counters.join(', ')} ${where}`];
  });
  const unknown = places.flatMap(({ where, counts }) => (counts === null ? [`not shown ${where}`] : []));
  const reading = [...lost, ...unknown].join('; ') || 'none lost';
  if (lost.length === 0) return passed('kernel', reading, limit);
  const isOverflow = places.some(({ counts }) => counts !== null && counts.listenOverflows + counts.listenDrops > 0);
  return {
    reading: { guard: 'kernel', passed: false, reading, limit },
    blame: { state: 'invalid', cause: isOverflow ? 'listen-overflow-generator' : 'segments-lost' },
  };
};
