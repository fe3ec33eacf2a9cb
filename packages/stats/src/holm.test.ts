import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holm } from './holm.ts';

const probabilities = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });

describe("Holm's procedure", () => {
  // statsmodels 0.15.0: statsmodels.stats.multitest.multipletests(p, method='holm')
  test.each([
    [
      [0.01, 0.04, 0.03, 0.005],
      [0.03, 0.06, 0.06, 0.02],
      [true, false, false, true],
    ],
    [
      [0.0005, 0.011, 0.02, 0.04, 0.2],
      [0.0025, 0.044, 0.06, 0.08, 0.2],
      [true, true, false, false, false],
    ],
  ])('adjusts %j as statsmodels does', (pValues, adjusted, rejected) => {
    const steps = holm(pValues);
    steps.forEach((step, index) => {
      expect(step.adjusted).toBeCloseTo(adjusted[index] ?? Number.NaN, 12);
    });
    expect(steps.map((step) => step.isRejected)).toEqual(rejected);
  });

  test('gives the k-th smallest p value the level 1 - 0.05 / (m - k + 1), and the first that is kept lends its level to the rest', () => {
    const levels = holm([0.0005, 0.011, 0.02, 0.04, 0.2]).map((step) => step.level);
    [0.99, 0.9875, 1 - 0.05 / 3, 1 - 0.05 / 3, 1 - 0.05 / 3].forEach((level, index) => {
      expect(levels[index]).toBeCloseTo(level, 12);
    });
  });

  test('is the plain test for a family of one, and nothing for none', () => {
    expect(holm([0.04])).toEqual([{ adjusted: 0.04, isRejected: true, level: 0.95 }]);
    expect(holm([])).toEqual([]);
  });

  test('is monotone: a smaller p value never has a larger adjusted one or a lower level', () => {
    fc.assert(
      fc.property(probabilities, (pValues) => {
        const sorted = holm(pValues.toSorted((a, b) => a - b));
        sorted.slice(1).forEach((step, index) => {
          const before = sorted[index];
          expect(step.adjusted).toBeGreaterThanOrEqual(before?.adjusted ?? Number.NaN);
          expect(step.level).toBeLessThanOrEqual(before?.level ?? Number.NaN);
        });
      }),
    );
  });

  test('rejects exactly what its level excludes, at levels between that of one test and that of Bonferroni', () => {
    fc.assert(
      fc.property(probabilities, (pValues) => {
        holm(pValues).forEach((step, index) => {
          const p = pValues[index] ?? Number.NaN;
          expect(step.isRejected).toBe(p <= 1 - step.level + 1e-15);
          expect(step.adjusted).toBeGreaterThanOrEqual(p);
          expect(step.level).toBeGreaterThanOrEqual(0.95 - 1e-12);
          expect(step.level).toBeLessThanOrEqual(1 - 0.05 / pValues.length + 1e-12);
        });
      }),
    );
  });

  test('does not depend on the order of the family, ties included', () => {
    const withTies = fc.array(fc.constantFrom(0, 0.001, 0.02, 0.04, 0.5), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.oneof(probabilities, withTies), (pValues) => {
        expect(holm(pValues.toReversed()).reverse()).toEqual(holm(pValues));
      }),
    );
  });
});
