import { type Arrivals, type LoadResult, MeasurementError, summariseTimes } from '@photofinish/schema';
import { startCalibrationServer } from '../calibration/fixture-server.ts';
import type { Generator } from '../generator.ts';
import type { NativeCore } from '../native/core.ts';
import { nativeGenerator } from '../native/generator.ts';
import { probeJob, type SaturationLoad, silentHooks } from './probe-job.ts';

/** p99 of response time under one load, seconds, sent by some threads and by twice as many with half the rate each. */
export interface Halving {
  readonly threads: number;
  readonly p99Seconds: number;
  readonly halvedP99Seconds: number;
}

/** Pairs of windows; the median of each kind counts, so that one bad moment of the host does not. */
const pairs = 3;

/** Delay of the server that the load goes to where the workload has no wait of its own, milliseconds. */
const usualDelay = 5;

/**
 * Sends the load to a server of fixed delay on the server's cores, by the generator's cores and by those and as many more, alternating: the same
 * arrivals in all, half the rate on each of twice the threads. A generator that is no bottleneck shows the same p99 (reference: method 19,
 * halving check). About three seconds. Throws what the generator or the fixture throws.
 */
export async function measureHalving(
  core: NativeCore,
  load: SaturationLoad,
  moreCores: readonly number[],
  signal: AbortSignal,
): Promise<Halving> {
  const delay = load.waitSeconds > 0 ? load.waitSeconds * 1000 : usualDelay;
  const options = ['delay', '--ms', String(delay), '--bytes', String(load.bodyBytes)];
  await using server = await startCalibrationServer(core, [...options, '--cores', load.serverCores.join(',')]);
  return await halve(nativeGenerator(core), load, moreCores, server.port, signal);
}

/** The same with any generator, against a server that is there. */
export async function halve(
  generator: Generator,
  load: SaturationLoad,
  moreCores: readonly number[],
  port: number,
  signal: AbortSignal,
): Promise<Halving> {
  const { generatorCores } = load;
  const p99On = async (cores: readonly number[], arrivals: Arrivals) =>
    p99Of(await generator.drive(probeJob(load, arrivals, port, cores), silentHooks, signal));
  const readings: { readonly whole: number; readonly halved: number }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const whole = await p99On(generatorCores, load.arrivals);
    const halved = await p99On([...generatorCores, ...moreCores], load.arrivals);
    readings.push({ whole, halved });
  }
  return {
    threads: generatorCores.length,
    p99Seconds: median(readings.map(({ whole }) => whole)),
    halvedP99Seconds: median(readings.map(({ halved }) => halved)),
  };
}

function p99Of({ classes: [one] }: LoadResult): number {
  const p99 = one === undefined ? null : summariseTimes(one.responseTime, one.censored).p99;
  if (p99 !== null) return p99;
  throw new MeasurementError('E_GENERATOR_FAILED', {
    what: 'The halving check of the load generator found no p99: too little was answered.',
    remedy: 'photofinish doctor says whether the native core works.',
  });
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
