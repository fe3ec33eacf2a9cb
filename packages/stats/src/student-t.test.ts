import { describe, expect, test } from 'vitest';
import { normalQuantile, tQuantile, twoSidedP } from './student-t.ts';

describe('Student t', () => {
  // scipy 1.17.1: scipy.stats.t.ppf(probability, freedom)
  test.each([
    [0.975, 1, 12.706204736174694],
    [0.95, 2, 2.9199855803537242],
    [0.975, 4, 2.7764451051977934],
    [0.975, 9, 2.262157162798205],
    [0.8, 9, 0.8834038596855346],
    [0.9975, 29, 3.0380467448491832],
  ])('has the %d-quantile of SciPy with %d degrees of freedom', (probability, freedom, expected) => {
    expect(tQuantile(probability, freedom)).toBeCloseTo(expected, 9);
  });

  // scipy 1.17.1: 2 * scipy.stats.t.sf(t, freedom)
  test.each([
    [12.7062, 1, 0.0500000185607104],
    [-2.5, 4, 0.06676654481198814],
    [40, 2, 0.0006244146721847406],
    [7.3, 9, 4.56462384061458e-5],
  ])('has the two-sided p value of SciPy at t = %d with %d degrees of freedom', (t, freedom, expected) => {
    expect(twoSidedP(t, freedom) / expected).toBeCloseTo(1, 9);
  });

  test('gives p = 1 at 0 and p = 0 at infinity', () => {
    expect(twoSidedP(0, 4)).toBe(1);
    expect(twoSidedP(Number.POSITIVE_INFINITY, 4)).toBe(0);
    expect(twoSidedP(Number.NEGATIVE_INFINITY, 4)).toBe(0);
  });

  // scipy 1.17.1: scipy.stats.norm.ppf(probability)
  test.each([
    [0.8, 0.8416212335729143],
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
  ])('stands in for the normal distribution at %d', (probability, expected) => {
    expect(normalQuantile(probability)).toBeCloseTo(expected, 7);
  });
});
