import { node, threads } from './names.ts';
import type { Figures, Place } from './options.ts';

/** Small and different in each trial, so that intervals are neither points nor wide: within 0.4 %. */
function wobble({ comparison, targetId, replicate, role }: Place): number {
  const seed = [...`${comparison.id} ${targetId} ${replicate} ${role}`].reduce(
    (sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1009,
    7,
  );
  return 1 + 0.004 * (seed / 1009 - 0.5) * 2;
}

/** Throughput of a wait is connections over the wait, or threads where there is a pool; a kernel takes 5 ms of a core. */
export function typicalFigures(place: Place): Figures {
  const { comparison, targetId } = place;
  const cores = comparison.targetCores.length;
  const connections = comparison.load.arrivals.connections;
  const isWait = comparison.workload.kind === 'io';
  const slots = targetId === threads ? Math.min(connections, comparison.sizes.threads) : connections;
  const busyCores = targetId === node || targetId === threads ? 1 : cores * 0.97;
  const throughput = (isWait ? slots / 0.0506 : busyCores / 0.005) * wobble(place);
  return {
    throughput,
    cpuSeconds: (isWait ? 60e-6 : 0.005) * wobble(place),
    rssBytes: Math.round(60e6 * wobble(place)),
    pssBytes: Math.round(52e6 * wobble(place)),
    processes: 1,
    responses: Math.round(throughput * 2),
    medianSeconds: connections / throughput,
    parallelCapacity: cores === 1 ? null : cores * 0.97,
    seconds: [],
  };
}
