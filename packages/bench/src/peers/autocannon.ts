import { z } from 'zod';
import { readJson } from './output.ts';
import type { Load, Peer, Reading, Way } from './peer.ts';

const Told = z.object({
  duration: z.number().positive(),
  errors: z.number(),
  mismatches: z.number(),
  non2xx: z.number(),
  resets: z.number(),
  '2xx': z.number(),
  latency: z.object({ mean: z.number(), p50: z.number(), p99: z.number() }),
});

/** autocannon's JSON, whole milliseconds. It has no 95th percentile. Its errors hold its timeouts. */
export function readAutocannon(output: string): Reading {
  const told = readJson('autocannon', Told, output);
  return {
    requests: told['2xx'],
    errors: told.errors + told.mismatches + told.non2xx + told.resets,
    rate: told['2xx'] / told.duration,
    times: { mean: told.latency.mean / 1e3, p50: told.latency.p50 / 1e3, p95: null, p99: told.latency.p99 / 1e3 },
    slowShare: null,
    failedGates: [],
  };
}

const options = ({ connections, seconds, rate }: Omit<Load, 'url'>, more: readonly string[]) => [
  '-c',
  String(connections),
  '-d',
  String(seconds),
  ...(rate === null ? [] : ['-R', String(rate)]),
  ...more,
];

const way = (id: string, ...more: string[]): Way => ({
  id,
  words: (load) => options(load, more).join(' '),
  command: async (load) => ['autocannon', '--json', '--no-progress', ...options(load, more), load.url],
  read: async (output) => readAutocannon(output),
});

/** autocannon. With a rate it adds response times that it supposes were missed, unless it is told not to. */
export const autocannon: Peer = {
  id: 'autocannon',
  install: 'npm install --global autocannon',
  version: { command: ['autocannon', '--version'], pattern: /v?(\d[\d.]+)/ },
  closed: way('autocannon'),
  open: [way('autocannon'), way('autocannon-uncorrected', '--ignoreCoordinatedOmission')],
};
