import type { OkTrial, SpeedReading } from '@photofinish/schema';
import type { CovariatePoint } from '@photofinish/stats';

/** Mean burst over calm on the slowest of these cores, as the guard `host-slow` reads it; null where none of them was read. */
export function slowestCore(speed: SpeedReading | null, cores: readonly number[]): number | null {
  const read = readCores(speed, cores);
  return read.length === 0 ? null : Math.max(...read.map(({ ratio }) => ratio));
}

const readCores = (speed: SpeedReading | null, cores: readonly number[]) =>
  speed?.cores.filter(({ core, series }) => cores.includes(core) && series.length > 0) ?? [];

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The whole seconds of a window: log of the responses completed in it, and log of the canary's mean burst over calm, the mean over the target's
 * cores. Seconds without a response, or in which a core was not read, are left out.
 */
export function secondsOf({ measurement, host }: OkTrial, cores: readonly number[]): CovariatePoint[] {
  const read = readCores(host.speed, cores);
  if (read.length < cores.length) return [];
  const bySecond = read.map(({ series }) => new Map(series.map(({ second, ratio }) => [second, ratio])));
  return measurement.series.flatMap(({ second, completed }): CovariatePoint[] => {
    const ratios = bySecond.flatMap((core) => core.get(second) ?? []);
    const isWhole = second + 1 <= measurement.windowSeconds;
    if (!isWhole || completed === 0 || ratios.length < cores.length) return [];
    return [{ covariate: mean(ratios.map(Math.log)), outcome: Math.log(completed) }];
  });
}

/** A trial as a whole; null where it has no throughput, or a core was not read. */
export function trialPoint({ measurement, host }: OkTrial, cores: readonly number[]): CovariatePoint | null {
  const read = readCores(host.speed, cores);
  if (read.length < cores.length || measurement.throughput === 0) return null;
  return { covariate: mean(read.map(({ ratio }) => Math.log(ratio))), outcome: Math.log(measurement.throughput) };
}
