import { EnvironmentError, MeasurementError, type ServerHandle } from '@photofinish/schema';
import type { Probe, ProbeReading } from '../probe.ts';

/** What an engine says of one container, since its start. Seconds, bytes, counts; null where the engine does not tell. */
export interface EngineStats {
  /** When the engine read it, by the engine's host. */
  readonly at: Date;
  readonly cpuUserSeconds: number;
  readonly cpuSystemSeconds: number;
  /** Memory charged, page cache included; the page cache in it; the highest charge so far. */
  readonly memoryBytes: number;
  readonly cacheBytes: number | null;
  readonly peakBytes: number | null;
  /** Processes and threads together. */
  readonly pids: number | null;
  readonly throttledSeconds: number;
  readonly throttledPeriods: number;
  /** Null on the network of the engine's host. */
  readonly receivedBytes: number | null;
  readonly sentBytes: number | null;
}

/**
 * Reads a server on another host from the engine's own account of its container, at the window's edges only. The interval is the difference of
 * the engine's two stamps, which lie on one clock, not of the moments the answers arrived. `It throws `EnvironmentError` `E_ENGINE_STATS` when both edges have the same stamp and where the engine tells neither page cache nor threads. What that account lacks is null: proportional and
 * virtual size, processes apart from threads, context switches, kills, pressure. Resident memory is the working set; threads count the
 * container's init and supervisor too. A peak that did not rise in the window may be older than it and is null.
 */
export function engineStatsProbe(read: (containerId: string) => Promise<EngineStats>): Probe {
  return {
    id: 'engine-stats',
    async start(server) {
      const containerId = containerOf(server);
      const first = await read(containerId);
      return {
        async finish() {
          const last = await read(containerId);
          const intervalSeconds = secondsBetween(first.at, last.at);
          const peakBytes = rise(first.peakBytes ?? 0, last.peakBytes ?? 0) > 0 ? last.peakBytes : null;
          return {
            source: 'engine-stats',
            intervalSeconds,
            cpuUserSeconds: rise(first.cpuUserSeconds, last.cpuUserSeconds),
            cpuSystemSeconds: rise(first.cpuSystemSeconds, last.cpuSystemSeconds),
            rssStartBytes: workingSet(first),
            rssEndBytes: workingSet(last),
            rssPeakBytes: null,
            pssEndBytes: null,
            virtualBytes: null,
            processes: null,
            threads: told(last.pids, 'threads'),
            threadsPeak: Math.max(told(first.pids, 'threads'), told(last.pids, 'threads')),
            voluntarySwitches: null,
            involuntarySwitches: null,
            group: {
              workingSetBytes: workingSet(last),
              peakBytes,
              kernelStackBytes: null,
              throttledSeconds: rise(first.throttledSeconds, last.throttledSeconds),
              throttledPeriods: rise(first.throttledPeriods, last.throttledPeriods),
              outOfMemoryKills: null,
              cpuPressure: null,
              receivedBytes: riseOf(first.receivedBytes, last.receivedBytes),
              sentBytes: riseOf(first.sentBytes, last.sentBytes),
            },
          };
        },
        [Symbol.dispose]() {},
      } satisfies ProbeReading;
    },
  };
}

function containerOf(server: ServerHandle): string {
  if (server.containerId !== null) return server.containerId;
  throw new MeasurementError('E_PROBE', {
    what: 'This server is no container that an engine could give an account of.',
    remedy: 'Use the procfs probe for processes of this host.',
  });
}

/** An engine that answers from memory gives one reading twice: its difference would say that the server used nothing. */
function secondsBetween(first: Date, last: Date): number {
  const seconds = (last.getTime() - first.getTime()) / 1000;
  if (seconds > 0) return seconds;
  throw new EnvironmentError('E_ENGINE_STATS', {
    what: 'The container engine gave no new account at the end of the window.',
    given: `both readings are of ${first.toISOString()}`,
    remedy: 'Check the clock of the engine’s host, or use an engine that takes a fresh reading when asked.',
  });
}

/** A figure without which the record would have to invent one. */
function told(figure: number | null, what: string): number {
  if (figure !== null) return figure;
  throw new EnvironmentError('E_ENGINE_STATS', {
    what: `The container engine does not tell the ${what} of a container.`,
    remedy: 'Measure on the host of the engine itself, where its control groups can be read.',
  });
}

const workingSet = ({ memoryBytes, cacheBytes }: EngineStats) => rise(told(cacheBytes, 'page cache'), memoryBytes);

const rise = (first: number, last: number) => Math.max(0, last - first);

const riseOf = (first: number | null, last: number | null) =>
  first === null || last === null ? null : rise(first, last);
