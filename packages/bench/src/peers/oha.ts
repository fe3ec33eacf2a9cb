import { z } from 'zod';
import { readJson } from './output.ts';
import type { Load, Peer, Reading, Way } from './peer.ts';

const Told = z.object({
  summary: z.object({ total: z.number(), average: z.number().nullable() }),
  latencyPercentiles: z.object({ p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable() }),
  statusCodeDistribution: z.record(z.string(), z.number()),
  errorDistribution: z.record(z.string(), z.number()),
});

/** oha's JSON, seconds. Requests under way at the end are "aborted due to deadline" there, and no errors here. */
export function readOha(output: string): Reading {
  const told = readJson('oha', Told, output);
  const { p50, p95, p99 } = told.latencyPercentiles;
  const requests = told.statusCodeDistribution['200'] ?? 0;
  const others = Object.entries({ ...told.statusCodeDistribution, ...told.errorDistribution });
  const errors = others.filter(([name]) => name !== '200' && name !== 'aborted due to deadline');
  return {
    requests,
    errors: errors.reduce((sum, [, count]) => sum + count, 0),
    rate: requests / told.summary.total,
    times: { mean: told.summary.average, p50, p95, p99 },
    slowShare: null,
    failedGates: [],
  };
}

const options = ({ connections, seconds, rate }: Omit<Load, 'url'>, more: readonly string[]) => [
  '-c',
  String(connections),
  '-z',
  `${seconds}s`,
  ...(rate === null ? [] : ['-q', String(rate)]),
  ...more,
];

const way = (id: string, ...more: string[]): Way => ({
  id,
  words: (load) => options(load, more).join(' '),
  command: async (load) => [
    'oha',
    '--no-tui',
    '--output-format',
    'json',
    '--worker-threads',
    '1',
    ...options(load, more),
    load.url,
  ],
  read: async (output) => readOha(output),
});

/**
 * How often its timers let go, a second: steps of a millisecond, rounded up. Traced (sends more than 100 us apart, 5,000 requests/s, 2 s):
 * 1,612 and 1,628 groups of 6.1 requests on the mean.
 */
const groupsPerSecond = 810;

/**
 * oha. Its rate counts response times from the send, unless it is told to correct. Its timers are tokio's, which go in steps of a millisecond
 * (https://docs.rs/tokio/latest/tokio/time/fn.sleep.html): what falls due between two steps is sent at once.
 */
export const oha: Peer = {
  id: 'oha',
  install: 'cargo install oha --locked',
  version: { command: ['oha', '--version'], pattern: /^oha ([\d.]+)/ },
  closed: way('oha'),
  open: [way('oha', '--latency-correction'), way('oha-uncorrected')],
  burst: ({ rate }) => Math.max(1, Math.round(rate / groupsPerSecond)),
};
