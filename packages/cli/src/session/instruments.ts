import { randomBytes } from 'node:crypto';
import { localEngine } from '@photofinish/engines';
import { measureHiccups, measureParallelCapacity, type NativeCore, nativeGenerator } from '@photofinish/loadgen';
import { procfsProbe, readCoreTimes } from '@photofinish/probes';
import type { HostInstruments, Instruments } from '@photofinish/runner';
import { systemClock } from '@photofinish/schema';
import type { Workshop } from '../setup/workshop.ts';
import { targetSource } from './targets.ts';
import { contractVerifier } from './verifier.ts';

/** Seconds a spinning loop looks for gaps on each measured core before a trial. */
const hiccupSeconds = 0.05;
/** Seconds each reading of the parallel capacity takes. */
const capacitySeconds = 0.2;

/** Everything a run on this machine measures with. */
export function localInstruments(workshop: Workshop): Instruments {
  const { core } = workshop;
  return {
    engine: localEngine(core.path),
    generator: nativeGenerator(core),
    probe: procfsProbe(),
    verifier: contractVerifier,
    host: hostInstruments(core),
    targets: targetSource(workshop),
    clock: systemClock,
    nonce: () => randomBytes(12).toString('hex'),
  };
}

function hostInstruments(core: NativeCore): HostInstruments {
  return {
    async hiccups(cores) {
      const readings = await measureHiccups(core, cores, hiccupSeconds);
      return {
        maximumSeconds: Math.max(...readings.map((reading) => reading.maximumSeconds)),
        lostShare: Math.max(...readings.map((reading) => reading.lostShare)),
      };
    },
    coreTimes: (cores) => readCoreTimes(cores),
    parallelCapacity: async (cores) => (await measureParallelCapacity(core, cores, capacitySeconds)).capacity,
  };
}
