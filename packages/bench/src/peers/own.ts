import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NativeCore } from '@photofinish/loadgen';
import {
  LoadEvent,
  type LoadJob,
  type LoadResult,
  perSecond,
  quantileOf,
  seconds,
  shareAbove,
} from '@photofinish/schema';
import { readJson, unreadable } from './output.ts';
import type { Load, Reading, Way } from './peer.ts';

/** Seconds of load before the window: enough to connect, and little beside any window. */
const warmupSeconds = 0.1;

/** The job of the native core for the same load. */
export function jobOf(
  { url, connections, seconds: length, rate, bodyBytes, burst = 1 }: Load,
  cores: readonly number[],
): LoadJob {
  const { hostname, port, pathname } = new URL(url);
  return {
    schemaVersion: 1,
    seed: 1,
    address: { host: hostname, port: Number(port) },
    cores: [...cores],
    pacing: 'sleep',
    classes: [
      {
        id: 'main',
        path: pathname,
        expected: {
          status: 200,
          contentType: 'text/plain; charset=utf-8',
          body: 'ok'.repeat(Math.ceil(bodyBytes / 2)).slice(0, bodyBytes),
        },
        arrivals:
          rate === null
            ? { loop: 'closed', connections, rampSeconds: seconds(0.05) }
            : { loop: 'open', process: 'constant', rate: perSecond(rate), burst, connections },
        bodySample: 1 / 64,
      },
    ],
    warmup: { minimumSeconds: seconds(warmupSeconds), minimumResponses: 0, maximumSeconds: seconds(warmupSeconds) },
    window: { seconds: seconds(length), minimumResponses: 0, maximumSeconds: seconds(length) },
    drain: { maximumSeconds: seconds(5) },
    timeoutSeconds: seconds(30),
    handshake: false,
  };
}

/** The result in what the native core printed. Throws `MeasurementError` `E_PEER_OUTPUT`. */
export function resultIn(output: string): LoadResult {
  const last = readJson('photofinish-native', LoadEvent, output.trim().split('\n').at(-1) ?? '');
  if (last.event !== 'result') throw unreadable('photofinish-native', output);
  return last.result;
}

/** As the readings of the peers. Its times are of the window, its requests of warm-up too, which it costs alike. */
export function readOwn(output: string): Reading {
  const { classes, warmup, window, gates } = resultIn(output);
  const [one] = classes;
  if (one === undefined) throw unreadable('photofinish-native', output);
  return {
    requests: warmup.responses + one.completedInWindow,
    errors: warmup.errors + one.censored + Object.values(one.errors).reduce((sum, count) => sum + count, 0),
    rate: one.completedInWindow / window.seconds,
    times: {
      mean: one.censored > 0 || one.answered === 0 ? null : one.responseTime.meanSeconds,
      p50: quantileOf(one.responseTime, one.censored, 0.5),
      p95: quantileOf(one.responseTime, one.censored, 0.95),
      p99: quantileOf(one.responseTime, one.censored, 0.99),
    },
    slowShare: one.answered === 0 ? null : shareAbove(one.responseTime, 0.5),
    failedGates: gates.filter(({ passed }) => !passed).map(({ gate }) => gate),
  };
}

/** The native core as it is used here, one thread on the core or, of none, unpinned. */
export function own(core: NativeCore, cores: readonly number[]): Way {
  return {
    id: 'photofinish',
    words: ({ connections, seconds: length, rate, burst = 1 }) =>
      `-c ${connections} -d ${length}s${rate === null ? '' : ` --rate ${rate}`}${burst === 1 ? '' : ` --burst ${burst}`}`,
    async command(load, folder) {
      const path = join(folder, 'job.json');
      await writeFile(path, JSON.stringify(jobOf(load, cores)));
      return [core.path, 'load', '--job', path];
    },
    read: async (output) => readOwn(output),
  };
}
