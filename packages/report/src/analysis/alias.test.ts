import { describe, expect, test } from 'vitest';
import { aliasGateFor, aliasToleranceOf, judgeAlias } from './alias.ts';

const pairs = (...ratios: number[]) => ratios.map((ratio) => ({ target: 100 * ratio, baseline: 100 }));

describe('the A/A alias', () => {
  test.each([
    { what: 'two trials of one target agree', ratios: [1, 1.01, 0.99, 1.005, 0.995], passed: true },
    { what: 'they differ, but by less than half the margin', ratios: [1.01, 1.011, 1.009, 1.01, 1.012], passed: true },
    { what: 'they differ by more than half the margin', ratios: [1.04, 1.041, 1.039, 1.04, 1.042], passed: false },
    { what: 'the interval is wider than the margin', ratios: [1, 1.1, 0.9, 1.05, 0.95], passed: false },
    { what: 'one pair leaves the noise unknown', ratios: [1], passed: false },
    { what: 'there is no pair at all', ratios: [], passed: false },
  ])('passes: $passed, when $what', ({ ratios, passed }) => {
    expect(judgeAlias('throughput', pairs(...ratios), 0.05).gate.passed).toBe(passed);
  });

  test('gives ratio, interval and half-width as its reading', () => {
    const { pairs: count, ratio, interval, gate } = judgeAlias('throughput', pairs(1, 1.1, 0.9, 1.05, 0.95), 0.05);
    expect(count).toBe(5);
    expect(ratio).toBeCloseTo(0.9975, 3);
    expect(interval?.level).toBe(0.95);
    expect(gate.reading).toBe('0.997 (0.904 to 1.10), half-width 10.3\u00a0%');
    expect(gate.limit).toBe('half-width at most 5\u00a0%, and no ratio beyond 2.5\u00a0% that excludes 1');
  });

  test('stays writable when two pairs contradict each other wildly', () => {
    const { gate, interval } = judgeAlias('throughput', pairs(1e30, 1e-30), 0.05);
    expect(interval?.upper).toBe(Number.MAX_VALUE);
    expect(gate.passed).toBe(false);
    expect(gate.reading).toContain('under a millionth');
  });
});

describe('the tolerance of the A/A alias', () => {
  test.each([
    { margin: 0.05, isShapeOnly: false, isProvisional: false, tolerance: 0.05 },
    { margin: 0.05, isShapeOnly: false, isProvisional: true, tolerance: 0.1 },
    { margin: 0.05, isShapeOnly: true, isProvisional: true, tolerance: 0.5 },
    { margin: 0.8, isShapeOnly: true, isProvisional: false, tolerance: 0.8 },
  ])(
    'is $tolerance for a margin of $margin, shape-only: $isShapeOnly, provisional: $isProvisional',
    ({ margin, tolerance, ...terms }) => {
      expect(aliasToleranceOf(margin, terms)).toBe(tolerance);
    },
  );
});

describe('the A/A gate of one pair', () => {
  const noisy = judgeAlias('throughput', pairs(1, 1.1, 0.9), 0.05);
  const logs = (...ratios: number[]) => ratios.map(Math.log);

  test.each([
    { what: 'a difference far beyond what a target showed against itself', ratios: [60, 62, 61], passed: true },
    { what: 'one as far in the other direction', ratios: [0.016, 0.0164, 0.0161], passed: true },
    { what: 'a difference within it', ratios: [1.05, 1.06, 1.055], passed: false },
    { what: 'a large but uncertain difference', ratios: [3, 0.9, 1.2], passed: false },
    { what: 'a single block', ratios: [60], passed: false },
  ])('passes: $passed, $what', ({ ratios, passed }) => {
    expect(noisy.gate.passed).toBe(false);
    expect(aliasGateFor(noisy, logs(...ratios)).passed).toBe(passed);
  });

  test('stays shut while the noise is unknown', () => {
    expect(aliasGateFor(judgeAlias('throughput', pairs(1), 0.05), logs(60, 61, 62)).passed).toBe(false);
  });
});
