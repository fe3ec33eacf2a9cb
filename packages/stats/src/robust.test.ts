import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hodgesLehmann, signedRankDistribution, signedRankOfBound } from './robust.ts';

/** Hamilton depression scale, after minus before: table 3.1 of Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods". */
const depression = [-0.952, 0.147, -1.022, -0.43, -0.62, -0.59, -0.49, 0.08, -0.01];

describe('the signed-rank distribution', () => {
  test.each([1, 2, 5, 9])('of %d values counts all assignments of signs', (count) => {
    const counted = new Array<number>((count * (count + 1)) / 2 + 1).fill(0);
    for (let signs = 0; signs < 2 ** count; signs += 1) {
      let sum = 0;
      for (let rank = 1; rank <= count; rank += 1) if ((signs >> (rank - 1)) & 1) sum += rank;
      counted[sum] = (counted[sum] ?? 0) + 1;
    }
    expect(Array.from(signedRankDistribution(count), (probability) => probability * 2 ** count)).toEqual(counted);
  });

  test.each([
    // scipy 1.17.1: smallest k with 2 * scipy.stats._wilcoxon.WilcoxonDistribution(n).cdf(k) > 0.05
    [6, 1],
    [10, 9],
    [20, 53],
  ])('puts the 95 %% bound of %d values at rank %d', (count, rank) => {
    expect(signedRankOfBound(count, 0.95)).toBe(rank);
  });

  test.each([
    [5, 0.95, 0],
    [6, 0.95, 1],
    [7, 0.99, 0],
    [8, 0.99, 1],
    [6, 1 - 2 / 64, 1],
  ])('with %d values at level %d has rank %d', (count, level, rank) => {
    expect(signedRankOfBound(count, level)).toBe(rank);
  });
});

describe('Hodges-Lehmann', () => {
  test('is the textbook estimate and interval of the depression data', () => {
    // Estimate -0.46 and interval (-0.786, -0.010), sections 3.2 and 3.3; the same by inverting scipy.stats.wilcoxon(d - shift, mode='exact').
    const { estimate, interval } = hodgesLehmann(depression, 0.95) ?? { estimate: Number.NaN, interval: null };
    expect(estimate).toBeCloseTo(-0.46, 12);
    expect(interval?.lower).toBeCloseTo(-0.786, 12);
    expect(interval?.upper).toBeCloseTo(-0.01, 12);
  });

  test('is the interval of SciPy at 90 %', () => {
    const interval = hodgesLehmann(depression, 0.9)?.interval;
    expect(interval?.lower).toBeCloseTo(-0.726, 12);
    expect(interval?.upper).toBeCloseTo(-0.175, 12);
  });

  test('has no 95 % interval with five values and none at all without values', () => {
    expect(hodgesLehmann([1, 2, 3, 4, 5], 0.95)).toEqual({ estimate: 3, interval: null });
    expect(hodgesLehmann([], 0.95)).toBeNull();
  });

  test('spans the range at 95 % with six values', () => {
    expect(hodgesLehmann([6, 1, 5, 2, 4, 3], 0.95)?.interval).toEqual({ lower: 1, upper: 6, level: 0.95 });
  });

  test('follows shift and reflection, holds its estimate, and does not care about order', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 6, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.integer({ min: -50, max: 50 }), (integers, shift) => {
        const plain = hodgesLehmann(integers, 0.95);
        const { lower = Number.NaN, upper = Number.NaN } = plain?.interval ?? {};
        const estimate = plain?.estimate ?? Number.NaN;
        expect(lower).toBeLessThanOrEqual(estimate);
        expect(upper).toBeGreaterThanOrEqual(estimate);
        expect(hodgesLehmann(integers.toReversed(), 0.95)).toEqual(plain);
        const shifted = hodgesLehmann(
          integers.map((value) => value + shift),
          0.95,
        );
        expect(shifted).toEqual({
          estimate: estimate + shift,
          interval: { lower: lower + shift, upper: upper + shift, level: 0.95 },
        });
        const reflected = hodgesLehmann(
          integers.map((value) => -value),
          0.95,
        );
        expect(reflected?.interval?.lower).toBeCloseTo(-upper, 9);
        expect(reflected?.interval?.upper).toBeCloseTo(-lower, 9);
      }),
    );
  });
});
