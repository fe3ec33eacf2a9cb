import { measureHiccups, measureParallelCapacity, type NativeCore } from '@photofinish/loadgen';
import { readHostEdge, readKernelCounts } from '@photofinish/probes';
import type { HostInstruments } from '@photofinish/runner';

/** Seconds a spinning loop looks for gaps on each measured core before a trial. */
const hiccupSeconds = 0.05;
/** Seconds each reading of the parallel capacity takes. */
const capacitySeconds = 0.2;

/** Readings of this machine around a window. */
export function hostInstruments(core: NativeCore): HostInstruments {
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
    parallelCapacity: async (cores) => (await measureParallelCapacity(core, cores, capacitySeconds)).capacity,
  };
}

/** A machine that cannot be read from here. */
export const noHostInstruments: HostInstruments = {
  hiccups: async () => null,
  edge: async () => null,
  kernelCounts: async () => null,
  parallelCapacity: async () => null,
};
