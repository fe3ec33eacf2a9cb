import { type Bytes, bytes, type Seconds, seconds } from '@photofinish/schema';
import type Docker from 'dockerode';
import { timely } from './calls.ts';
import { engineError } from './errors.ts';

/** What the engine's own counters say of one container at one moment. Null where the engine does not tell. */
export interface EngineStats {
  /** When the engine read them, by the clock of its host. */
  readonly at: Date;
  /** The two add up to the exact CPU time; how it is split the kernel samples at its ticks (proc(5), `cputime_adjust`). */
  readonly cpuUserSeconds: Seconds;
  readonly cpuSystemSeconds: Seconds;
  /** Memory charged to the cgroup, page cache included. */
  readonly memoryBytes: Bytes;
  readonly cacheBytes: Bytes | null;
  /** Highest `memoryBytes` so far; null with cgroup v2, whose peak this engine API leaves out. */
  readonly peakBytes: Bytes | null;
  readonly pids: number | null;
  readonly throttledSeconds: Seconds;
  readonly throttledPeriods: number;
  /** Null where the container shares the host's network. */
  readonly receivedBytes: Bytes | null;
  readonly sentBytes: Bytes | null;
}

/** The fields of `ContainerStats` (Docker Engine API 1.41) that are read; times are nanoseconds. */
export interface RawStats {
  readonly read: string;
  readonly cpu_stats: {
    readonly cpu_usage: {
      readonly total_usage: number;
      readonly usage_in_usermode: number;
      readonly usage_in_kernelmode: number;
    };
    readonly throttling_data?: { readonly throttled_time?: number; readonly throttled_periods?: number };
  };
  readonly memory_stats: {
    readonly usage?: number;
    readonly max_usage?: number;
    /** `total_cache` with cgroup v1, `file` with v2. */
    readonly stats?: { readonly total_cache?: number; readonly cache?: number; readonly file?: number };
  };
  readonly pids_stats?: { readonly current?: number };
  readonly networks?: Readonly<Record<string, { readonly rx_bytes: number; readonly tx_bytes: number }>>;
}

/** Reads the counters of one container by one call. Throws `EnvironmentError` when it does not exist, `EnvironmentLostError` when the engine is gone. */
export async function readEngineStats(client: Docker, containerId: string): Promise<EngineStats> {
  try {
    const container = client.getContainer(containerId);
    const raw = await timely((abortSignal) =>
      container.stats({ stream: false, 'one-shot': true, abortSignal } as { stream: false }),
    );
    return engineStats(raw as unknown as RawStats);
  } catch (error) {
    throw engineError(error, 'reading the counters of a container');
  }
}

/** The engine's answer in base units. */
export function engineStats(raw: RawStats): EngineStats {
  const { cpu_usage: cpu, throttling_data: throttling } = raw.cpu_stats;
  const { stats, usage, max_usage: peak } = raw.memory_stats;
  const cache = stats?.total_cache ?? stats?.cache ?? stats?.file;
  const interfaces = raw.networks === undefined ? null : Object.values(raw.networks);
  const sampled = cpu.usage_in_usermode + cpu.usage_in_kernelmode;
  const system = sampled === 0 ? 0 : (cpu.total_usage * cpu.usage_in_kernelmode) / sampled;
  const sum = (field: 'rx_bytes' | 'tx_bytes') =>
    interfaces === null ? null : bytes(interfaces.reduce((total, one) => total + one[field], 0));
  return {
    at: new Date(raw.read),
    cpuUserSeconds: seconds((cpu.total_usage - system) / 1e9),
    cpuSystemSeconds: seconds(system / 1e9),
    memoryBytes: bytes(usage ?? 0),
    cacheBytes: cache === undefined ? null : bytes(cache),
    peakBytes: peak === undefined ? null : bytes(peak),
    pids: raw.pids_stats?.current ?? null,
    throttledSeconds: seconds((throttling?.throttled_time ?? 0) / 1e9),
    throttledPeriods: throttling?.throttled_periods ?? 0,
    receivedBytes: sum('rx_bytes'),
    sentBytes: sum('tx_bytes'),
  };
}
