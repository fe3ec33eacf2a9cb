import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Frequencies of some cores at one instant, and how often heat slowed them since boot. */
export interface CoreFrequencies {
  readonly lowestHertz: number;
  readonly highestHertz: number;
  /** The governor lets the frequency follow the load, so that a low one may only mean that a core had little to do. */
  readonly followsLoad: boolean;
  /** Times that heat slowed the cores (kernel: `thermal_throttle/core_throttle_count`, x86 only); null where it is not counted. */
  readonly thermalThrottles: number | null;
}

const line = (path: string) =>
  readFile(path, 'latin1').then(
    (text) => text.trim(),
    () => null,
  );

/** Governors that hold a frequency whatever the load (kernel: admin-guide/pm/cpufreq.rst, "Generic Scaling Governors"). */
const steadyGovernors = new Set(['performance', 'userspace']);

/**
 * Reads `scaling_cur_freq` (kernel: admin-guide/pm/cpufreq.rst). Null where any of the cores has none, as in most virtual machines; the
 * `cpu MHz` of `/proc/cpuinfo` is no substitute, for there it is a constant.
 */
export async function readFrequencies(cores: readonly number[], root = '/'): Promise<CoreFrequencies | null> {
  const readings = await Promise.all(cores.map((core) => readCore(join(root, `sys/devices/system/cpu/cpu${core}`))));
  const known = readings.filter((reading) => reading !== null);
  if (known.length === 0 || known.length < readings.length) return null;
  const throttles = known.map(({ thermalThrottles }) => thermalThrottles);
  return {
    lowestHertz: Math.min(...known.map(({ hertz }) => hertz)),
    highestHertz: Math.max(...known.map(({ hertz }) => hertz)),
    followsLoad: known.some(({ governor }) => governor === null || !steadyGovernors.has(governor)),
    thermalThrottles: throttles.some((count) => count === null)
      ? null
      : throttles.reduce<number>((sum, count) => sum + (count ?? 0), 0),
  };
}

async function readCore(folder: string) {
  const [kilohertz, governor, throttles] = await Promise.all([
    line(join(folder, 'cpufreq/scaling_cur_freq')),
    line(join(folder, 'cpufreq/scaling_governor')),
    line(join(folder, 'thermal_throttle/core_throttle_count')),
  ]);
  if (kilohertz === null || !(Number(kilohertz) > 0)) return null;
  return { hertz: Number(kilohertz) * 1000, governor, thermalThrottles: throttles === null ? null : Number(throttles) };
}
