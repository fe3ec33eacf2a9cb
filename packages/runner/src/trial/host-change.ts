import { type HostEdge, type ResourceUse, timesBetween } from '@photofinish/probes';
import type { LoadResult, PlannedComparison, SpeedReading } from '@photofinish/schema';

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
  readonly speed: SpeedReading | null;
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
 * Share of the target's core time that neither target nor generator nor speed meter used: what programs used of it, less what these used, as far
 * as they share cores. A generator with cores of its own is judged by how late it woke, which says more than what else runs there. Each figure is CPU time
 * over its own interval, so that edges a few milliseconds apart do not count. The kernel samples the time of programs by ticks, while target and
 * generator are exact; and it may charge interrupts to whoever they interrupt: the share is a lower bound, never below 0.
 */
function otherLoadShare(first: HostEdge | null, last: HostEdge | null, span: MeasuredSpan): number | null {
  const { targetCores, generatorCores } = span.comparison;
  const { use, result, speed } = span;
  const shares = targetCores.some((core) => generatorCores.includes(core));
  const cores = shares ? [...new Set([...targetCores, ...generatorCores])] : targetCores;
  const passed = timesBetween(first?.times ?? null, last?.times ?? null, cores);
  if (passed === null) return null;
  const { generator, window } = result;
  const ofTarget = (use.cpuUserSeconds + use.cpuSystemSeconds) / use.intervalSeconds;
  const ofGenerator = shares ? (generator.cpuUserSeconds + generator.cpuSystemSeconds) / window.seconds : 0;
  const metered = speed?.cores.filter(({ core }) => cores.includes(core)) ?? [];
  const ofMeter = metered.reduce((sum, { meterShare }) => sum + meterShare, 0);
  return Math.max(0, passed.programs / passed.total - (ofTarget + ofGenerator + ofMeter) / cores.length);
}
