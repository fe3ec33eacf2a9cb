import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson } from './output.ts';
import type { Peer, Reading } from './peer.ts';

/**
 * Told once at the end; wrk without such a script rounds its counts. It costs nothing meanwhile: a script without `response` is not called. The
 * share of slow answers is found by halving: each look at a single value goes through all of them, which after a stall takes minutes.
 */
const script = `done = function(summary, latency)
  local low, high = 0, 100
  for _ = 1, 40 do
    local middle = (low + high) / 2
    if latency:percentile(middle) > 500000 then high = middle else low = middle end
  end
  local slow = summary.requests * (1 - low / 100)
  local e = summary.errors
  io.write(string.format(
    '{"answers":%d,"microseconds":%d,"wrong":%d,"lost":%d,"mean":%.3f,"p50":%d,"p95":%d,"p99":%d,"slow":%d}\\n',
    summary.requests, summary.duration, e.status, e.connect + e.read + e.write + e.timeout,
    latency.mean, latency:percentile(50), latency:percentile(95), latency:percentile(99), slow))
end
`;

const Told = z.object({
  answers: z.number(),
  microseconds: z.number().positive(),
  wrong: z.number(),
  lost: z.number(),
  mean: z.number(),
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  slow: z.number(),
});

/** The last line of wrk's output, which its script prints. Times in microseconds. */
export function readWrk(output: string): Reading {
  const told = readJson('wrk', Told, output.trim().split('\n').at(-1) ?? '');
  const micro = (value: number) => value / 1e6;
  const requests = told.answers - told.wrong;
  return {
    requests,
    errors: told.wrong + told.lost,
    rate: requests / micro(told.microseconds),
    times: { mean: micro(told.mean), p50: micro(told.p50), p95: micro(told.p95), p99: micro(told.p99) },
    slowShare: told.answers === 0 ? null : told.slow / told.answers,
    failedGates: [],
  };
}

/** wrk: closed loop only. */
export const wrk: Peer = {
  id: 'wrk',
  install: 'apt-get install wrk',
  version: { command: ['wrk', '--version'], pattern: /^wrk (?:debian\/)?([\d.]+)/m },
  closed: {
    id: 'wrk',
    words: ({ connections, seconds }) => `-t1 -c${connections} -d${seconds}s`,
    async command({ url, connections, seconds }, folder) {
      const path = join(folder, 'done.lua');
      await writeFile(path, script);
      return ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', path, url];
    },
    read: async (output) => readWrk(output),
  },
  open: [],
};
