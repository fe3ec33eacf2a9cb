import type { Environment } from '@photofinish/schema';
import { type Guard, passed } from './guard.ts';

/**
 * How much slower than calm a core may be: a tenth (reference: method 14, guard `host-slow`), or the factor 1.5 within which a shape-only host
 * gets no verdict. The runner waits for calm by the same limit.
 */
export const slownessLimit = {
  full: 1.1,
  'shape-only': 1.5,
} as const satisfies Record<Environment['hostClass'], number>;

/**
 * The cores of the target must be nearly as fast as they were at their best since the machine was started: a neighbour on the sibling
 * hyper-thread or in the shared caches makes them slower, and the kernel books it as the server's own work. The generator's cores are read and
 * kept; whether they were fast enough says the generator's lateness.
 */
export const hostSlow: Guard = ({ comparison, hostClass, speed }) => {
  const allowed = slownessLimit[hostClass];
  const limit = `at most ${allowed.toFixed(2)} times the calm level${hostClass === 'full' ? '' : ' (shape-only host)'}`;
  const read =
    speed?.cores.filter(({ core, series }) => comparison.targetCores.includes(core) && series.length > 0) ?? [];
  if (read.length === 0) return passed('host-slow', 'not read on this host', limit);
  const slowest = Math.max(...read.map(({ ratio }) => ratio));
  const reading = `a burst of the canary took ${slowest.toFixed(3)} times as long as when calm`;
  if (slowest <= allowed) return passed('host-slow', reading, limit);
  return {
    reading: { guard: 'host-slow', passed: false, reading, limit },
    blame: { state: 'invalid', cause: 'host-slow' },
  };
};
