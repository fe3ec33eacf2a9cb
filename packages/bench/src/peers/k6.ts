import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson } from './output.ts';
import type { Load, Peer, Reading, Way } from './peer.ts';

/** The leanest script: bodies are read and dropped, nothing is checked. The scenario and the address are put in as JSON. */
const script = (scenario: object, url: string) => `import http from 'k6/http';
export const options = {
  discardResponseBodies: true,
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)'],
  scenarios: { load: ${JSON.stringify(scenario)} },
};
export default function () {
  http.get(${JSON.stringify(url)});
}
export function handleSummary(data) {
  return { stdout: JSON.stringify(data) };
}
`;

const scenario = ({ connections, seconds, rate }: Omit<Load, 'url'>) =>
  rate === null
    ? { executor: 'constant-vus', vus: connections, duration: `${seconds}s` }
    : {
        executor: 'constant-arrival-rate',
        rate,
        timeUnit: '1s',
        duration: `${seconds}s`,
        preAllocatedVUs: connections,
        maxVUs: connections,
      };

const Told = z.object({
  state: z.object({ testRunDurationMs: z.number() }),
  metrics: z.object({
    http_reqs: z.object({ values: z.object({ count: z.number(), rate: z.number() }) }),
    http_req_failed: z.object({ values: z.object({ passes: z.number() }) }),
    http_req_duration: z.object({
      values: z.object({ avg: z.number(), med: z.number(), 'p(95)': z.number(), 'p(99)': z.number() }),
    }),
  }),
});

/** The summary that k6 gives to `handleSummary`, milliseconds. A "pass" of `http_req_failed` is a request that failed. */
export function readK6(output: string): Reading {
  const { metrics } = readJson('k6', Told, output);
  const failed = metrics.http_req_failed.values.passes;
  const { avg, med, 'p(95)': p95, 'p(99)': p99 } = metrics.http_req_duration.values;
  const milli = (value: number) => value / 1e3;
  return {
    requests: metrics.http_reqs.values.count - failed,
    errors: failed,
    rate: metrics.http_reqs.values.rate,
    times: { mean: milli(avg), p50: milli(med), p95: milli(p95), p99: milli(p99) },
    slowShare: null,
    failedGates: [],
  };
}

const way: Way = {
  id: 'k6',
  words: (load) =>
    load.rate === null
      ? `constant-vus, ${load.connections} VUs, ${load.seconds} s`
      : `constant-arrival-rate ${load.rate}/s, ${load.connections} VUs, ${load.seconds} s`,
  async command(load, folder) {
    const path = join(folder, 'load.js');
    await writeFile(path, script(scenario(load), load.url));
    return ['k6', 'run', '--quiet', '--no-usage-report', '--address', '', path];
  },
  read: async (output) => readK6(output),
};

/** k6. */
export const k6: Peer = {
  id: 'k6',
  install: 'go install go.k6.io/k6@latest',
  version: { command: ['k6', 'version'], pattern: /^k6 v([\d.]+)/ },
  closed: way,
  open: [way],
};
