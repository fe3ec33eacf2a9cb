import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { readJson } from './output.ts';
import type { Load, Peer, Reading, Way } from './peer.ts';

const Told = z.object({
  requests: z.number(),
  throughput: z.number(),
  latencies: z.object({ mean: z.number(), '50th': z.number(), '95th': z.number(), '99th': z.number() }),
  status_codes: z.record(z.string(), z.number()),
});

/** The JSON of `vegeta report`, nanoseconds. */
export function readVegeta(output: string): Reading {
  const { requests: all, throughput, latencies, status_codes: codes } = readJson('vegeta', Told, output);
  const requests = codes['200'] ?? 0;
  const nano = (value: number) => value / 1e9;
  return {
    requests,
    errors: all - requests,
    rate: throughput,
    times: {
      mean: nano(latencies.mean),
      p50: nano(latencies['50th']),
      p95: nano(latencies['95th']),
      p99: nano(latencies['99th']),
    },
    slowShare: null,
    failedGates: [],
  };
}

/** A rate of 0 asks as fast as the workers can; with a rate it takes as many as it needs. */
const options = ({ connections, seconds, rate }: Omit<Load, 'url'>) =>
  rate === null
    ? ['-rate=0', `-workers=${connections}`, `-max-workers=${connections}`, `-duration=${seconds}s`]
    : [`-rate=${rate}`, `-workers=${connections}`, '-max-workers=2000', `-duration=${seconds}s`];

/** The attack alone is the cost: its report is made afterwards. */
const way: Way = {
  id: 'vegeta',
  words: (load) => options(load).join(' '),
  async command(load, folder) {
    const targets = join(folder, 'targets');
    await writeFile(targets, `GET ${load.url}\n`);
    const files = [`-targets=${targets}`, `-output=${join(folder, 'results')}`];
    return ['vegeta', 'attack', ...files, ...options(load)];
  },
  async read(_output, folder) {
    const { stdout } = await execa('vegeta', ['report', '-type=json', join(folder, 'results')], { stdin: 'ignore' });
    return readVegeta(stdout);
  },
};

/** vegeta. What `go install` builds does not know its own version; the module's is in the file. */
export const vegeta: Peer = {
  id: 'vegeta',
  install: 'go install github.com/tsenart/vegeta/v12@latest',
  version: {
    command: ['sh', '-c', 'go version -m "$(command -v vegeta)"'],
    pattern: /\smod\s.*vegeta\/v12\s+v([\d.]+)/,
  },
  closed: way,
  open: [way],
};
