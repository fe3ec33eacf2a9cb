import { seconds } from '@photofinish/schema';
import { startCalibrationServer } from '../calibration/fixture-server.ts';
import type { NativeCore } from '../native/core.ts';
import { nativeGenerator } from '../native/generator.ts';
import { probeJob, type SaturationLoad, silentHooks } from './probe-job.ts';

/** Most threads a fixture serves with. */
const mostThreads = 64;

/**
 * Correct responses per second that the generator gets from the null server on the same cores, over as many connections, with bodies as long: what
 * generator, kernel and host can show at all. A closed loop for either kind of arrivals, for it asks as fast as it is answered. About half a
 * second. Throws what the generator or the fixture throws.
 */
export async function measureCeiling(core: NativeCore, load: SaturationLoad, signal: AbortSignal): Promise<number> {
  const threads = Math.min(load.serverCores.length, mostThreads);
  const options = [
    'null',
    '--bytes',
    String(load.bodyBytes),
    '--cores',
    load.serverCores.join(','),
    '--threads',
    String(threads),
  ];
  await using server = await startCalibrationServer(core, options);
  const arrivals = { loop: 'closed', connections: load.arrivals.connections, rampSeconds: seconds(0.05) } as const;
  const { classes, window } = await nativeGenerator(core).drive(
    probeJob(load, arrivals, server.port),
    silentHooks,
    signal,
  );
  return classes.reduce((sum, { completedInWindow }) => sum + completedInWindow, 0) / window.seconds;
}
