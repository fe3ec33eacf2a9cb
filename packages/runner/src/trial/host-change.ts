import { type HostEdge, type ResourceUse, timesBetween } from '@photofinish/probes';
import type { LoadResult, PlannedComparison } from '@photofinish/schema';

/** What happened on the measured cores between the window's edges; null where the system does not tell. */
export interface HostChange {
  readonly stealShare: number | null;
  readonly otherLoadShare: number | null;
  readonly frequencyRatio: number | null;
  readonly frequencyFollowsLoad: boolean;
  readonly thermalThrottles: number | null;
  readonly swappedPages: number | null;
}

/** What was measured between the edges, on which cores. */
export interface MeasuredSpan {
  readonly comparison: Pick<PlannedComparison, 'targetCores' | 'generatorCores'>;
  readonly use: ResourceUse;
  readonly result: Pick<LoadResult, 'generator' | 'window'>;
}

/** The change between two edges, either of which may be unreadable. */
export function hostChange(first: HostEdge | null, last: HostEdge | null, span: MeasuredSpan): HostChange {
  const frequencies = [first?.frequencies ?? null, last?.frequencies ?? null].filter((reading) => reading !== null);
  const { targetCores, generatorCores } = span.comparison;
  const passed = timesBetween(first?.times ?? null, last?.times ?? null, [
    ...new Set([...targetCores, ...generatorCores]),
  ]);
  return {
    stealShare: passed === null ? null : passed.steal / passed.total,
    otherLoadShare: otherLoadShare(first, last, span),
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
 * Share of the cores' time that neither target nor generator used: what programs used, less what the two used. Where they have cores apart it is
 * told for each and the larger counts, for a program on the target's core is not thinned by an idle generator. Each figure is CPU time over its
 * own interval, so that edges a few milliseconds apart do not count. The kernel samples the time of programs by ticks, while target and
 * generator are exact; and it may charge interrupts to whoever they interrupt: the share is a lower bound, never below 0.
 */
function otherLoadShare(first: HostEdge | null, last: HostEdge | null, span: MeasuredSpan): number | null {
  const { targetCores, generatorCores } = span.comparison;
  const { use, result } = span;
  const ofTarget = (use.cpuUserSeconds + use.cpuSystemSeconds) / use.intervalSeconds;
  const ofGenerator = (result.generator.cpuUserSeconds + result.generator.cpuSystemSeconds) / result.window.seconds;
  const shareOn = (cores: readonly number[], known: number): number | null => {
    const passed = timesBetween(first?.times ?? null, last?.times ?? null, cores);
    return passed === null ? null : Math.max(0, passed.programs / passed.total - known / cores.length);
  };
  if (targetCores.some((core) => generatorCores.includes(core)))
    return shareOn([...new Set([...targetCores, ...generatorCores])], ofTarget + ofGenerator);
  const shares = [shareOn(targetCores, ofTarget), shareOn(generatorCores, ofGenerator)];
  return shares.some((share) => share === null) ? null : Math.max(...shares.map((share) => share ?? 0));
}
