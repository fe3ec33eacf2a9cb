import type { KernelCounts } from '@photofinish/schema';
import { type Guard, passed } from './guard.ts';

/** Counters by the kernel's own names, those that rose. */
function risen({ listenOverflows, listenDrops, timeouts, retransmissions, duplicates }: KernelCounts): string[] {
  const named = {
    ListenOverflows: listenOverflows,
    ListenDrops: listenDrops,
    TCPTimeouts: timeouts,
    // what had come before was not lost: its acknowledgement was late
    RetransSegs: Math.max(0, retransmissions - duplicates),
  };
  return Object.entries(named).flatMap(([name, count]) => (count === 0 ? [] : [`${name} ${count}`]));
}

const limit = 'none lost: ListenOverflows, ListenDrops, TCPTimeouts and RetransSegs stay as they were';

/** What one network namespace showed: how much of it counts, and in words. */
interface Place {
  readonly counts: KernelCounts | null;
  readonly isOurs: boolean;
  readonly words: string;
}

function placeOf(where: string, counts: KernelCounts | null, isOurs: boolean): Place {
  if (counts === null) return { counts, isOurs, words: `not shown ${where}` };
  const counters = risen(counts).join(', ');
  if (counters === '') return { counts, isOurs: false, words: '' };
  return { counts, isOurs, words: `${counters} ${where}${isOurs ? '' : ', none of it by this load'}` };
}

/**
 * Nothing was lost between generator and server: no connection turned away by a full listen queue, no segment sent again (reference: method 19).
 * A lost segment costs 200 ms and more (RFC 6298, Linux's shortest timeout), whoever's response time it falls into. The kernel counts for everybody
 * in a network namespace: where the generator is, the load core tells what was this load's; a server's own namespace holds nothing else.
 */
export const kernel: Guard = ({ result, serverKernel }) => {
  const isThisLoad = result.gates.some(({ gate, passed }) => gate === 'kernel' && !passed);
  const places = [
    placeOf('where the generator is', result.kernel, isThisLoad),
    ...(serverKernel === 'shared' ? [] : [placeOf('where the server is', serverKernel, true)]),
  ];
  const reading = places.flatMap(({ words }) => (words === '' ? [] : [words])).join('; ') || 'none lost';
  const lost = places.flatMap(({ counts, isOurs }) => (isOurs && counts !== null ? [counts] : []));
  if (lost.length === 0) return passed('kernel', reading, limit);
  const isOverflow = lost.some(({ listenOverflows, listenDrops }) => listenOverflows + listenDrops > 0);
  return {
    reading: { guard: 'kernel', passed: false, reading, limit },
    blame: { state: 'invalid', cause: isOverflow ? 'listen-overflow-generator' : 'segments-lost' },
  };
};
