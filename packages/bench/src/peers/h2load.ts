import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unreadable } from './output.ts';
import type { Load, Peer, Reading, Way } from './peer.ts';

/**
 * The summary, and the log with one line a request (start in microseconds since the epoch, status, microseconds until the end), for exact
 * quantiles: the summary of older versions has none.
 */
export function readH2load(output: string, log: string | null): Reading {
  const rate = /^finished in .*?, ([\d.]+) req\/s/m.exec(output)?.[1];
  const counts = /^requests: .* (\d+) done, (\d+) succeeded, (\d+) failed/m.exec(output);
  if (rate === undefined || counts === null) throw unreadable('h2load', output);
  const [done, succeeded, failed] = counts.slice(1).map(Number) as [number, number, number];
  const times = log === null ? new Float64Array() : responseTimes(log);
  const slow = times.filter((time) => time > 0.5).length;
  return {
    requests: succeeded,
    errors: failed,
    rate: done === 0 ? 0 : Number(rate) * (succeeded / done),
    times: {
      mean: times.length === 0 ? null : times.reduce((sum, time) => sum + time, 0) / times.length,
      p50: nearestRank(times, 0.5),
      p95: nearestRank(times, 0.95),
      p99: nearestRank(times, 0.99),
    },
    slowShare: times.length === 0 ? null : slow / times.length,
    failedGates: [],
  };
}

/** Seconds, ascending. */
function responseTimes(log: string): Float64Array {
  const lines = log.split('\n').filter((line) => line !== '');
  return Float64Array.from(lines, (line) => Number(line.split('\t')[2]) / 1e6).sort();
}

function nearestRank(sorted: Float64Array, q: number): number | null {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
}

const clientsOf = ({ rate, connections }: { rate: number; connections: number }) =>
  Math.min(connections, Math.ceil(rate / 10));

/**
 * `--rps` is of each client, and all of them send at once: the fewer there are, the smaller the bursts. Each has at least ten requests a
 * second.
 */
function options({ rate, connections, seconds }: Omit<Load, 'url'>): string[] {
  if (rate === null) return ['--h1', '-t1', `-c${connections}`, `-D${seconds}`];
  const clients = clientsOf({ rate, connections });
  return ['--h1', '-t1', `-c${clients}`, `--rps=${Number((rate / clients).toFixed(6))}`, `-D${seconds}`];
}

const isLogged = (load: Load) => load.seconds >= 10;

/** Short loads are for their cost, to which a log would add. */
const way: Way = {
  id: 'h2load',
  words: (load) => options(load).join(' '),
  command: async (load, folder) => [
    'h2load',
    ...options(load),
    ...(isLogged(load) ? [`--log-file=${join(folder, 'log')}`] : []),
    load.url,
  ],
  read: async (output, folder, load) =>
    readH2load(output, isLogged(load) ? await readFile(join(folder, 'log'), 'utf8') : null),
};

/** h2load, HTTP/1.1. Its `--rate` is of new connections; `--rps` of requests. */
export const h2load: Peer = {
  id: 'h2load',
  install: 'apt-get install nghttp2-client',
  version: { command: ['h2load', '--version'], pattern: /nghttp2\/([\d.]+)/ },
  closed: way,
  open: [way],
  burst: clientsOf,
};
