import { describe, expect, test } from 'vitest';
import { type BenchScript, bench } from '../specimens/bench.ts';

const full = { hostClass: 'full' } as const satisfies BenchScript;

describe('a slow host', () => {
  test('makes a window invalid that is more than a tenth slower than calm, and the trial is measured again', async () => {
    let windows = 0;
    const records = await bench({
      ...full,
      slowness: (_at, core, state) => {
        if (state === 'idle') return 1;
        if (core === 0) windows += 1;
        return core === 0 && windows === 1 ? 1.2 : 1.05;
      },
    }).perform();
    expect(records[0]).toMatchObject({
      state: 'invalid',
      cause: 'host-slow',
      message: expect.stringContaining('1.200 times as long as when calm'),
    });
    expect(records[1]).toMatchObject({ trialId: records[0]?.trialId, attempt: 2, state: 'ok' });
    expect(records.filter(({ state }) => state === 'invalid')).toHaveLength(1);
  });

  test.each<[string, BenchScript]>([
    ['by less than a tenth', { ...full, slowness: () => 1.09 }],
    ['on the core of the generator alone', { ...full, slowness: (_at, core) => (core === 1 ? 1.09 : 1) }],
    ['by less than half, where no verdict is finer', { hostClass: 'shape-only', slowness: () => 1.4 }],
    ['in a way that cannot be read', { ...full, slowness: () => null }],
  ])('is let be when it is slow %s', async (_what, script) => {
    const { perform, events } = bench(script);
    const records = await perform();
    expect(records.every(({ state }) => state === 'ok')).toBe(true);
    expect(events.some(({ kind }) => kind === 'calm-awaited')).toBe(false);
  });

  test('is kept with every trial, second by second, with its guard', async () => {
    const [first] = await bench({ ...full, slowness: (_at, core) => 1 + core / 20 }).perform();
    if (first?.state !== 'ok') throw new TypeError('the trial is not ok');
    expect(first.host.speed?.cores.map(({ core, ratio }) => [core, ratio])).toEqual([
      [0, 1],
      [1, 1.05],
    ]);
    expect(first.host.speed?.cores[0]?.series).toEqual([{ second: 0, bursts: 25, ratio: 1 }]);
    expect(first.guards).toContainEqual(expect.objectContaining({ guard: 'host-slow', passed: true }));
  });

  test('is metered between the edges of the window and no longer', async () => {
    const { perform, log } = bench();
    await perform();
    const first = log.indexOf('warm');
    expect(log.slice(first, first + 7)).toEqual([
      'warm',
      'probe first edge',
      'meter begins',
      'window begins',
      'window ends',
      'probe last edge',
      'meter ends',
    ]);
  });
});

describe('the wait for calm', () => {
  test('ends when the host is calm, is told, and is counted in the record', async () => {
    const { perform, events } = bench({
      ...full,
      slowness: (at, _core, state) => (state === 'idle' && at < 4.5 ? 1.3 : 1),
    });
    const records = await perform();
    const told = events.filter(({ kind }) => kind === 'calm-awaited' || kind === 'calm-wait-over');
    expect(told).toEqual([
      { kind: 'calm-awaited', ratio: 1.3, longestSeconds: 30 },
      { kind: 'calm-wait-over', ratio: 1, waitedSeconds: 5, isCalm: true },
    ]);
    expect(records[0]).toMatchObject({ state: 'ok', host: { calmWaitSeconds: 5 } });
    expect(records[0]?.notes).toContainEqual(expect.objectContaining({ code: 'calm-wait' }));
    expect(records[1]).toMatchObject({ host: { calmWaitSeconds: 0 }, notes: [] });
    expect(events.at(-1)).toMatchObject({ kind: 'run-finished', calmWaitSeconds: 5 });
  });

  test('is at most half a minute a trial and three minutes a run, and then the run goes on', async () => {
    const { perform, events } = bench({
      ...full,
      plan: { blocks: 2 },
      slowness: (_at, _core, state) => (state === 'idle' ? 2 : 1),
    });
    const records = await perform();
    expect(records).toHaveLength(12);
    expect(records.map((record) => (record.state === 'ok' ? Math.round(record.host.calmWaitSeconds) : null))).toEqual([
      ...[30, 30, 30, 30, 30, 30],
      ...[0, 0, 0, 0, 0, 0],
    ]);
    expect(events.filter(({ kind }) => kind === 'calm-wait-over')).toHaveLength(6);
    expect(events.at(-1)).toMatchObject({ calmWaitSeconds: expect.closeTo(180, 6) });
  });

  test('ends at once when the run is to end', async () => {
    const run = bench({ ...full, slowness: () => 2 });
    const performed = run.perform();
    run.controller.abort(new Error('enough'));
    await expect(performed).rejects.toThrow('enough');
    expect(run.engine.alive.size).toBe(0);
  });
});
