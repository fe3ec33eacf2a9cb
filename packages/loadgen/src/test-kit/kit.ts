import { decodeHistogram, type LoadJob, LoadResult, seconds, type TimeDistribution } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import type { Generator } from '../generator.ts';

/** A generator under test and a server that answers every GET with `ok`. */
export interface GeneratorSubject {
  readonly generator: Generator;
  readonly address: LoadJob['address'];
}

const never = new AbortController().signal;

/** A short closed-loop job against a server that answers `ok`. */
export function shortJob(address: LoadJob['address'], changes: Partial<LoadJob> = {}): LoadJob {
  return {
    schemaVersion: 1,
    seed: 7,
    address,
    cores: [],
    pacing: 'sleep',
    classes: [
      {
        id: 'main',
        path: '/',
        expected: { status: 200, contentType: 'text/plain; charset=utf-8', body: 'ok' },
        arrivals: { loop: 'closed', connections: 4, rampSeconds: seconds(0.02) },
        bodySample: 1,
      },
    ],
    warmup: { minimumSeconds: seconds(0.05), minimumResponses: 5, maximumSeconds: seconds(5) },
    window: { seconds: seconds(0.2), minimumResponses: 0, maximumSeconds: seconds(0.2) },
    drain: { maximumSeconds: seconds(2) },
    timeoutSeconds: seconds(5),
    handshake: true,
    ...changes,
  };
}

const openLoop = (address: LoadJob['address']): LoadJob => {
  const job = shortJob(address);
  const arrivals = {
    loop: 'open',
    process: 'constant',
    rate: 200,
    connections: 8,
  } as LoadJob['classes'][number]['arrivals'];
  return { ...job, classes: job.classes.map((one) => ({ ...one, arrivals })) };
};

/** What every generator must do, whatever it is made of. */
export function describeGenerator(name: string, prepare: () => Promise<GeneratorSubject>): void {
  describe(`the generator ${name}, as every generator`, () => {
    test('passes both edges of the window in order, and waits for the harness at each', async () => {
      const { generator, address } = await prepare();
      const log: string[] = [];
      const hook = (edge: string) => async () => {
        log.push(`${edge} begins`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        log.push(`${edge} ends`);
      };
      await generator.drive(shortJob(address), { onWarm: hook('warm'), onWindowEnd: hook('window end') }, never);
      log.push('result');
      expect(log).toEqual(['warm begins', 'warm ends', 'window end begins', 'window end ends', 'result']);
    });

    test.for(['closed', 'open'])('gives a result of the schema in which every count adds up, %s loop', async (loop) => {
      const { generator, address } = await prepare();
      const job = loop === 'closed' ? shortJob(address) : openLoop(address);
      const result = LoadResult.parse(await generator.drive(job, silent, never));
      expect(result.classes.map(({ id }) => id)).toEqual(['main']);
      expect(result.window.seconds).toBeCloseTo(0.2, 6);
      for (const one of result.classes) {
        const errors = Object.values(one.errors).reduce((sum, count) => sum + count, 0);
        expect(one.intended).toBe(one.answered + errors + one.censored);
        expect(one.answered).toBeGreaterThan(0);
        expect(sum(one.series, 'intended')).toBe(one.intended);
        expect(sum(one.series, 'completed')).toBe(one.completedInWindow);
        expect(one.responseTime.count).toBe(one.answered + one.censored);
        for (const times of [one.responseTime, one.serviceTime, one.sendDelay, one.errorTime]) expectSound(times);
      }
      expectSound(result.generator.schedulerLag);
      expect(result.generator.schedulerLag.count).toBeGreaterThan(0);
    });

    test('rejects with the reason of the signal, before the load and in the middle of it', async () => {
      const { generator, address } = await prepare();
      const reason = new Error('stop');
      await expect(generator.drive(shortJob(address), silent, AbortSignal.abort(reason))).rejects.toBe(reason);
      const controller = new AbortController();
      const drive = generator.drive(
        shortJob(address),
        { onWarm: async () => controller.abort(reason), onWindowEnd: async () => {} },
        controller.signal,
      );
      await expect(drive).rejects.toBe(reason);
    });

    test('rejects with the error of a hook', async () => {
      const { generator, address } = await prepare();
      const error = new Error('no counters');
      const hooks = { onWarm: () => Promise.reject(error), onWindowEnd: async () => {} };
      await expect(generator.drive(shortJob(address), hooks, never)).rejects.toBe(error);
    });
  });
}

/** Hooks that do nothing. */
export const silent = { onWarm: async () => {}, onWindowEnd: async () => {} };

const sum = <K extends string>(rows: readonly Record<K, number>[], key: K) =>
  rows.reduce((total, row) => total + row[key], 0);

/** Histogram and exact figures tell of the same times, to the histogram's resolution. */
function expectSound(times: TimeDistribution): void {
  const histogram = decodeHistogram(times.histogram);
  expect(histogram.totalCount).toBe(times.count);
  if (times.count === 0) return;
  expect(times.minimumSeconds).toBeLessThanOrEqual(times.meanSeconds + 1e-12);
  expect(times.meanSeconds).toBeLessThanOrEqual(times.maximumSeconds + 1e-12);
  expect(Math.abs(histogram.mean - times.meanSeconds * 1e6)).toBeLessThanOrEqual(1 + times.meanSeconds * 1e3);
}
