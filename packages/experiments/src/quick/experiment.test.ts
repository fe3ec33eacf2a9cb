import { describe, expect, test } from 'vitest';
import { quick } from './experiment.ts';

const comparison = (id: string) => quick.comparisons.find((candidate) => candidate.id === id) ?? expect.unreachable(id);

describe('the quick experiment', () => {
  test('has three cells a target: waiting, computing on one core, computing on all', () => {
    expect(quick.comparisons.map(({ id, cores }) => [id, cores])).toEqual([
      ['timer', 1],
      ['spin-one-core', 1],
      ['spin-all-cores', 'all'],
    ]);
  });

  test('asks the same of one core and of all, so that their ratio is a speedup', () => {
    const { id, title, cores, ...one } = comparison('spin-one-core');
    const { id: _id, title: _title, cores: _cores, ...all } = comparison('spin-all-cores');
    expect(one).toEqual(all);
    expect([id, title, cores]).not.toEqual([_id, _title, _cores]);
  });

  test('lets four users wait for each thread of a pool, so that the pool shows', () => {
    expect(comparison('timer').load.arrivals.connections).toBe(4 * quick.sizes.threads);
  });

  test('stamps every length below the standard ten blocks provisional', () => {
    expect(quick.blocks).toEqual({ default: 3, provisionalBelow: 10, minimum: 3 });
  });

  test('judges the tail only where at least ten answers lie beyond the p99', () => {
    for (const { metrics, load } of quick.comparisons) {
      const judgesTail = metrics.some(({ metric }) => metric === 'response-time-p99');
      expect(judgesTail).toBe(load.window.minimumResponses * 0.01 >= 10);
    }
  });

  test('fits 54 trials by default', () => {
    const trials = (quick.defaultTargets.length + 1) * quick.comparisons.length * quick.blocks.default;
    expect(trials).toBe(54);
  });
});
