import type { CoreSweep, ScalabilityLaw } from '@photofinish/schema';
import { describe, expect, it } from 'vitest';
import { parameterText, peakText, worstResidualText } from './scalability.ts';

const level = (cores: number, residual: number | null) => ({
  comparisonId: `spin-${cores}`,
  cores,
  pairs: 5,
  speedup: cores,
  interval: null,
  efficiency: 1,
  fitted: cores,
  residual,
});
const sweep: CoreSweep = {
  id: 'spin-1',
  workloadId: 'cpu-spin',
  targetId: 'go/goroutines',
  levels: [level(1, 0.001), level(2, -0.012), level(8, 0.004)],
  law: { outcome: 'refused', reason: 'none' },
};
const parameter = { value: 0, interval: null };
const peak = (value: number | null, lower?: number, upper: number | null = null) => {
  const law: Extract<ScalabilityLaw, { outcome: 'fitted' }> = {
    outcome: 'fitted',
    replicates: 5,
    lambda: 1,
    alpha: parameter,
    beta: parameter,
    peakCores: { value, interval: lower === undefined ? null : { lower, upper, level: 0.95 } },
  };
  return peakText(sweep, law);
};

describe('the law in words', () => {
  it('gives a parameter with its bounds, which may be open', () => {
    expect(parameterText({ value: 0.0531, interval: { lower: 0, upper: 0.07, level: 0.95 } })).toBe(
      '0.053 (0 to 0.070)',
    );
    expect(parameterText({ value: 0.05, interval: { lower: 0, upper: null, level: 0.95 } })).toBe('0.050 (0 and more)');
    expect(parameterText(parameter)).toBe('0');
  });

  it.each([
    [peak(5.2, 4.8, 5.9), '5.2 (4.8 to 5.9)'],
    [peak(16, 14), '16 (14 and more)'],
    [peak(null, 40), 'none (40 and more)'],
    [peak(null, 0), 'none (or any)'],
    [peak(null), 'none'],
    [peak(0.4, 0.2, 0.9), 'at 1\u00a0core already'],
  ])('says %s of a peak', (text, expected) => {
    expect(text).toBe(expected);
  });

  it('names the level that is furthest from the law', () => {
    expect(worstResidualText(sweep)).toBe('−1.2\u00a0% on 2\u00a0cores');
    expect(worstResidualText({ ...sweep, levels: sweep.levels.map((each) => ({ ...each, residual: null })) })).toBe(
      'no value',
    );
  });
});
