import { coresBusy, type HostEdge, type ResourceUse, stealShare } from '@photofinish/probes';
import type { LoadResult } from '@photofinish/schema';

/** What happened on the measured cores between the window's edges; null where the system does not tell. */
export interface HostChange {
  readonly stealShare: number | null;
  readonly otherLoadShare: number | null;
  readonly frequencyRatio: number | null;
  readonly frequencyFollowsLoad: boolean;
  readonly thermalThrottles: number | null;
  readonly swappedPages: number | null;
}

/** The change between two edges, either of which may be unreadable. */
export function hostChange(
  first: HostEdge | null,
  last: HostEdge | null,
  use: ResourceUse,
  generator: LoadResult['generator'],
  windowSeconds: number,
): HostChange {
  const frequencies = [first?.frequencies ?? null, last?.frequencies ?? null].filter((reading) => reading !== null);
  return {
    stealShare: stealShare(first?.times ?? null, last?.times ?? null),
    otherLoadShare: otherLoadShare(first, last, use, generator, windowSeconds),
    frequencyRatio:
      frequencies.length < 2
        ? null
        : Math.min(...frequencies.map(({ lowestHertz }) => lowestHertz)) /
          Math.max(...frequencies.map(({ highestHertz }) => highestHertz)),
    frequencyFollowsLoad: frequencies.some(({ followsLoad }) => followsLoad),
    thermalThrottles: increase(first?.frequencies?.thermalThrottles, last?.frequencies?.thermalThrottles),
    swappedPages: increase(first?.swappedPages, last?.swappedPages),
  };
}

function increase(first: number | null | undefined, last: number | null | undefined): number | null {
  return first == null || last == null ? null : Math.max(0, last - first);
}

/**
 * Share of the measured cores that neither target nor generator used: the cores that programs kept busy, less those of the two. Each of the
 * three is CPU time over its own interval, so that edges a few milliseconds apart do not count. The kernel samples busy time by ticks, while
 * target and generator are exact; and it may charge interrupts to whoever they interrupt: the share is a lower bound, never below 0.
 */
function otherLoadShare(
  first: HostEdge | null,
  last: HostEdge | null,
  use: ResourceUse,
  generator: LoadResult['generator'],
  windowSeconds: number,
): number | null {
  const busy = coresBusy(first?.times ?? null, last?.times ?? null);
  const cores = last?.times?.cores ?? 0;
  if (busy === null || cores === 0) return null;
  const ofTarget = (use.cpuUserSeconds + use.cpuSystemSeconds) / use.intervalSeconds;
  const ofGenerator = (generator.cpuUserSeconds + generator.cpuSystemSeconds) / windowSeconds;
  return Math.max(0, busy - ofTarget - ofGenerator) / cores;
}
