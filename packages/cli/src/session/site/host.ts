import {
  measureCeiling,
  measureHalving,
  measureHiccups,
  measureParallelCapacity,
  type NativeCore,
  readSpeed,
  startMetering,
} from '@photofinish/loadgen';
import { readHostEdge, readKernelCounts } from '@photofinish/probes';
import type { HostInstruments } from '@photofinish/runner';
import type { CalmBook } from '../calm-levels.ts';

/** Seconds a spinning loop looks for gaps on each measured core before a trial. */
const hiccupSeconds = 0.05;
/** Seconds each reading of the parallel capacity takes. */
const capacitySeconds = 0.2;

/** Seconds the canary is repeated on idle cores before a trial. */
const speedSeconds = 0.05;

/** Readings of this machine around a window. What is learnt of its calm level is kept before each trial, when nothing is measured. */
export function hostInstruments(core: NativeCore, calm: CalmBook): HostInstruments {
  return {
    async hiccups(cores) {
      const readings = await measureHiccups(core, cores, hiccupSeconds);
      return {
        maximumSeconds: Math.max(...readings.map((reading) => reading.maximumSeconds)),
        lostShare: Math.max(...readings.map((reading) => reading.lostShare)),
      };
    },
    edge: (cores) => readHostEdge(cores),
    kernelCounts: (pid) => readKernelCounts(pid),
    meterSpeed(cores) {
      const metering = startMetering(core, cores, calm.operations);
      return {
        finish: async () => calm.speedOf(await metering.finish()),
        [Symbol.dispose]: () => metering[Symbol.dispose](),
      };
    },
    async idleSpeed(cores) {
      const reading = calm.speedOf(await readSpeed(core, cores, speedSeconds, calm.operations));
      await calm.save();
      return reading === null ? null : Math.max(...reading.cores.map(({ ratio }) => ratio));
    },
    ceiling: (load, signal) => measureCeiling(core, load, signal),
    halving: (load, moreCores, signal) => measureHalving(core, load, moreCores, signal),
    parallelCapacity: async (cores) => (await measureParallelCapacity(core, cores, capacitySeconds)).capacity,
  };
}

/** A machine that cannot be read from here. */
export const noHostInstruments: HostInstruments = {
  hiccups: async () => null,
  edge: async () => null,
  kernelCounts: async () => null,
  meterSpeed: () => null,
  idleSpeed: async () => null,
  ceiling: async () => null,
  halving: async () => null,
  parallelCapacity: async () => null,
};
