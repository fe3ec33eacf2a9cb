import { describe, expect, test } from 'vitest';
import { plainTopology } from '../plan/topology.ts';
import { type BenchScript, bench } from '../specimens/bench.ts';

/** Every record of the first trial of a run. */
async function firstTrial(script: BenchScript) {
  const records = await bench(script).perform();
  return records.filter(({ trialId }) => trialId === records[0]?.trialId);
}

const guardOf = (record: object | undefined, name: string) =>
  record !== undefined && 'guards' in record
    ? (record.guards as { guard: string; passed: boolean; reading: string }[]).find(({ guard }) => guard === name)
    : undefined;

describe('the ceiling of the generator', () => {
  test('is measured once for each comparison of a run', async () => {
    const calls: number[] = [];
    await bench({
      plan: { blocks: 3 },
      ceiling: (call) => {
        calls.push(call);
        return 1e6;
      },
    }).perform();
    expect(calls).toEqual([1, 2]);
  });

  test('makes a trial invalid that came nearer than half of it, with the rate and the share', async () => {
    const [first] = await firstTrial({ ceiling: () => 500 });
    expect(first).toMatchObject({ state: 'invalid', cause: 'near-ceiling' });
    expect(guardOf(first, 'ceiling')).toMatchObject({ passed: false, reading: expect.stringMatching(/% of 500$/) });
  });

  test('is doubted then, and measured again: a ceiling that was low by a bad moment costs one attempt', async () => {
    const states = (await firstTrial({ ceiling: (call) => (call === 1 ? 500 : 1e6) })).map(({ state }) => state);
    expect(states).toEqual(['invalid', 'ok']);
    const lower = (await firstTrial({ ceiling: (call) => (call === 1 ? 500 : 400) })).at(-1);
    expect(guardOf(lower, 'ceiling')?.reading).toMatch(/% of 500$/);
  });

  test('is not judged, and says so, where the host cannot be measured from here', async () => {
    const [first] = await firstTrial({ ceiling: () => null });
    expect(first?.state).toBe('ok');
    expect(guardOf(first, 'ceiling')).toMatchObject({ passed: true, reading: expect.stringContaining('cannot be') });
  });
});

describe('the halving check', () => {
  const cores = [0, 1, 2, 3];
  const wide = { plan: { grantedCores: cores, topology: plainTopology(cores) } };
  const changed = { p99Seconds: 0.009, halvedP99Seconds: 0.006 };

  test('is not made beside a target that leaves no core over, and says so', async () => {
    const [first] = await firstTrial({});
    expect(guardOf(first, 'halving')).toMatchObject({ passed: true, reading: expect.stringContaining('not judged') });
  });

  test('is made once a run where there are twice the cores of the generator', async () => {
    const run = bench({ ...wide });
    const [first] = await run.perform();
    expect(run.log.filter((line) => line.startsWith('halving'))).toHaveLength(1);
    expect(guardOf(first, 'halving')).toMatchObject({
      passed: true,
      reading: 'p99 5.00 ms on one thread, 5.00 ms on twice as many',
    });
  });

  test('makes every trial invalid when p99 depends on the number of threads', async () => {
    const [first] = await firstTrial({ ...wide, halving: () => changed });
    expect(first).toMatchObject({ state: 'invalid', cause: 'generator-saturated' });
    expect(guardOf(first, 'halving')?.reading).toBe('p99 9.00 ms on one thread, 6.00 ms on twice as many');
  });

  test('is made again before it fails', async () => {
    const [first] = await firstTrial({
      ...wide,
      halving: (call) => (call === 1 ? changed : { p99Seconds: 0.0061, halvedP99Seconds: 0.006 }),
    });
    expect(first?.state).toBe('ok');
  });
});
