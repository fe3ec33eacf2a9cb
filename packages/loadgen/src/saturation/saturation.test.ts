import { type Clock, seconds, systemClock, TopologyReport } from '@photofinish/schema';
import { beforeEach, describe, expect, test } from 'vitest';
import { mockGenerator } from '../mock/generator.ts';
import { ask } from '../native/ask.ts';
import { nativeGenerator } from '../native/generator.ts';
import { measureHiccups } from '../native/host.ts';
import { builtCore, needNativeCore, startFixture } from '../test-kit/native.ts';
import { measureCeiling } from './ceiling.ts';
import { halve } from './halving.ts';
import type { SaturationLoad } from './probe-job.ts';

const never = new AbortController().signal;
const load: SaturationLoad = {
  arrivals: { loop: 'closed', connections: 8, rampSeconds: seconds(0.02) },
  generatorCores: [0],
  serverCores: [0],
  sharesCores: true,
  bodyBytes: 5,
  waitSeconds: 0,
};
const still: Clock = { ...systemClock, now: () => seconds(0), sleep: async () => {} };

describe('the halving check on simulated figures', () => {
  /** A generator whose threads are late by this much for each request they have to send. */
  const generator = (lateSeconds: (threads: number) => number) =>
    mockGenerator(still, ({ cores }, drive) => ({
      // the first pair is a bad moment of the host
      responseSeconds: [0.005 + lateSeconds(cores.length) + (drive <= 2 ? 0.5 : 0)],
    }));

  test('finds the same p99 where the generator is no bottleneck, whatever one moment was like', async () => {
    const halving = await halve(
      generator(() => 0),
      load,
      [1],
      1,
      never,
    );
    expect(halving.threads).toBe(1);
    expect(halving.p99Seconds).toBeCloseTo(0.005, 4);
    expect(halving.halvedP99Seconds).toBeCloseTo(0.005, 4);
  });

  test('finds another p99 where half the rate relieves a thread', async () => {
    const halving = await halve(
      generator((threads) => 0.01 / threads),
      load,
      [1],
      1,
      never,
    );
    expect(halving.p99Seconds).toBeCloseTo(0.015, 3);
    expect(halving.halvedP99Seconds).toBeCloseTo(0.01, 3);
  });
});

/** Cores this process may use. */
async function usableCores(): Promise<number[]> {
  const { cores } = TopologyReport.parse(await ask(builtCore, ['topology']));
  const attempts = await Promise.allSettled(
    cores.map(async ({ core }) => await measureHiccups(builtCore, [core], 0.01)),
  );
  return cores.flatMap(({ core }, index) => (attempts[index]?.status === 'fulfilled' ? [core] : []));
}

describe('with the native core', () => {
  beforeEach(needNativeCore);

  test('the null server answers more than a server that waits ever could over as many connections', async () => {
    const cores = (await usableCores()).slice(0, 1);
    const here = { ...load, generatorCores: cores, serverCores: cores };
    // eight users who wait 20 ms get 400 a second
    expect(await measureCeiling(builtCore, here, never)).toBeGreaterThan(400);
  });

  test('the halving check reads p99 of a delay by one thread and by two', async (context) => {
    const [first, second] = await usableCores();
    if (first === undefined || second === undefined) {
      context.skip('this machine grants one core only');
      return;
    }
    await using server = await startFixture('delay', '--ms', '20', '--bytes', '5');
    const onFirst = { ...load, generatorCores: [first], serverCores: [first] };
    const halving = await halve(nativeGenerator(builtCore), onFirst, [second], server.port, never);
    expect(halving.threads).toBe(1);
    expect(halving.p99Seconds).toBeGreaterThanOrEqual(0.02);
    expect(halving.halvedP99Seconds).toBeGreaterThanOrEqual(0.02);
  });

  test('an abort ends the search for a ceiling', async () => {
    const cut = new AbortController();
    cut.abort(new Error('told to stop'));
    await expect(measureCeiling(builtCore, load, cut.signal)).rejects.toThrow('told to stop');
  });
});
