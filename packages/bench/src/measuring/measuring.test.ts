import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import type { Load, Way } from '../peers/peer.ts';
import { neededCore } from '../test-kit/core.ts';
import { retransmissionsIn, secondsWithoutCore } from './kernel.ts';
import { inLanes, spread } from './lanes.ts';
import { largestError, openLoopTruth, predictedSlowShare } from './truth.ts';
import { use } from './use.ts';

describe('the truth of the stall server', () => {
  test('is that of the method, section 13', () => {
    expect(openLoopTruth).toEqual({ mean: 0.05, p50: 0, p95: 0.5, p99: 0.9 });
  });

  test('an error is the largest of those told', () => {
    expect(largestError({ mean: 0.05, p50: 0.001, p95: 0.52, p99: 0.9 })).toBeCloseTo(0.02, 9);
    expect(largestError({ mean: 0.055, p50: 0.001, p95: null, p99: 0.9 })).toBeCloseTo(0.005, 9);
    expect(largestError({ mean: null, p50: null, p95: null, p99: null })).toBeNull();
  });

  test('a closed loop sees each stall once a user, the less often the faster it is', () => {
    // 20 users at 20,000 a second outside stalls: 20 / (20,000 * 9 + 20).
    expect(predictedSlowShare(20, 18_000)).toBeCloseTo(20 / 180_020, 12);
    expect(predictedSlowShare(20, 180)).toBeGreaterThan(0.009);
  });
});

describe('segments that were sent again', () => {
  test('are read by the name of their column, and of no protocol but TCP', () => {
    const text = 'Ip: Forwarding RetransSegs\nIp: 1 9\nTcp: RtoMin RetransSegs InErrs\nTcp: 200 17958 0\n';
    expect(retransmissionsIn(text)).toBe(17_958);
    expect(retransmissionsIn('')).toBeNull();
  });
});

test('a process tells how long it was without a core, and none that is not there', async () => {
  expect(await secondsWithoutCore(process.pid)).toBeGreaterThan(0);
  expect(await secondsWithoutCore(0)).toBeNull();
});

describe('repetitions', () => {
  const atOnce = async () => {};

  test('are spread over the whole time, each as often as it is asked for', () => {
    const order = spread([
      { id: 'a', count: 4 },
      { id: 'b', count: 2 },
    ]).map(({ id }) => id);
    expect(order).toEqual(['a', 'b', 'a', 'a', 'b', 'a']);
  });

  test('go on in lanes, never more at once, each once', async () => {
    let [now, most] = [0, 0];
    const done: number[] = [];
    await inLanes(2, [1, 2, 3, 4, 5], atOnce, async (task) => {
      most = Math.max(most, ++now);
      await pause(2);
      now--;
      done.push(task);
    });
    expect([most, done.toSorted()]).toEqual([2, [1, 2, 3, 4, 5]]);
  });

  test('that are added meanwhile are performed too, also when every other lane has ended', async () => {
    const tasks = [1, 2];
    const done: number[] = [];
    await inLanes(2, tasks, atOnce, async (task) => {
      if (task === 1) {
        await pause(5);
        tasks.push(3);
      }
      done.push(task);
    });
    expect(done).toEqual([2, 1, 3]);
  });

  test('end when one fails, after those under way', async () => {
    const done: number[] = [];
    const lanes = inLanes(2, [1, 2, 3, 4], atOnce, async (task) => {
      if (task === 1) throw new Error('one');
      await pause(5);
      done.push(task);
    });
    await expect(lanes).rejects.toThrow('one');
    expect(done).toEqual([2]);
  });
});

describe('a generator in use', () => {
  const load: Load = { url: 'http://127.0.0.1:9/', connections: 1, seconds: 1, rate: null, bodyBytes: 2 };
  const reading = {
    requests: 1,
    errors: 0,
    rate: 1,
    times: { mean: 1, p50: 1, p95: 1, p99: 1 },
    slowShare: null,
    failedGates: [],
  };
  let folder = '';
  const way = (...script: string[]): Way => ({
    id: 'stand-in',
    words: () => '',
    async command(_load, path) {
      folder = path;
      return ['bash', '-c', script.join('\n'), path];
    },
    read: async (output) => ({ ...reading, requests: Number(output) }),
  });
  test('is read, with the processor time of all it started, and leaves nothing', async (context) => {
    const core = neededCore(context);
    const spin = 'for ((i = 0; i < 100000; i++)); do :; done';
    const used = await use(way(`bash -c '${spin}'; echo 7`), load, { core, cores: [] }, new AbortController().signal);
    expect(used.requests).toBe(7);
    expect(used.cpuSeconds).toBeGreaterThan(0.005);
    expect(existsSync(folder)).toBe(false);
  });

  test('that fails is an error with its words', async (context) => {
    const core = neededCore(context);
    const failed = use(way('echo no route >&2', 'exit 3'), load, { core, cores: [] }, new AbortController().signal);
    await expect(failed).rejects.toMatchObject({
      code: 'E_PEER_FAILED',
      what: expect.stringContaining('code 3'),
      given: expect.stringContaining('no route'),
    });
    const crashed = use(way('kill -SEGV $$'), load, { core, cores: [] }, new AbortController().signal);
    await expect(crashed).rejects.toMatchObject({ what: expect.stringContaining('SIGSEGV') });
  });

  test('ends with all it started when it is interrupted', async (context) => {
    const core = neededCore(context);
    folder = '';
    const controller = new AbortController();
    const reason = new Error('stop');
    const used = use(way('sleep 60 &', 'echo $! > "$0/pid"', 'wait'), load, { core, cores: [] }, controller.signal);
    const pid = async () => await readFile(join(folder, 'pid'), 'utf8').catch(() => '');
    await vi.waitUntil(async () => (await pid()) !== '', 10_000);
    const child = (await pid()).trim();
    controller.abort(reason);
    await expect(used).rejects.toBe(reason);
    expect(existsSync(`/proc/${child}`)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });
});
