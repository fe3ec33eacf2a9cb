import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blocksForMargin, detectableEffect, logRatios, pairedDifference } from './compare.ts';

describe('the paired difference', () => {
  test("has the p value of R for Student's sleep data", () => {
    const differences = [-1.2, -2.4, -1.3, -1.3, 0, -1, -1.8, -0.8, -4.6, -1.4];
    // R: t.test(extra ~ group, data = sleep, paired = TRUE): t = -4.0621, df = 9, p-value = 0.002833; SciPy's ttest_rel: 0.002832890197384273
    expect(pairedDifference(differences)?.pValue).toBeCloseTo(0.002832890197384273, 12);
    expect(pairedDifference(differences)?.mean).toBeCloseTo(-1.58, 12);
  });

  test('pairs within a block: what a block does to both sides cancels', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: 0.1, max: 1e4, noNaN: true }), fc.double({ min: 0.5, max: 2, noNaN: true })),
          {
            minLength: 2,
            maxLength: 12,
          },
        ),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (blocks, factor) => {
          const logs = logRatios(
            blocks.map(([speed, effect]) => ({ target: speed * effect * factor, baseline: speed * effect })),
          );
          const difference = pairedDifference(logs);
          expect(difference?.mean).toBeCloseTo(Math.log(factor), 9);
          expect(difference?.sd).toBeCloseTo(0, 9);
        },
      ),
    );
  });

  test('turns round when target and baseline change places', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 100_000 })), {
          minLength: 2,
          maxLength: 12,
        }),
        (pairs) => {
          const there = pairedDifference(logRatios(pairs.map(([target, baseline]) => ({ target, baseline }))));
          const back = pairedDifference(logRatios(pairs.map(([baseline, target]) => ({ target, baseline }))));
          expect(back?.mean).toBeCloseTo(-(there?.mean ?? Number.NaN), 9);
          expect(back?.sd).toBeCloseTo(there?.sd ?? Number.NaN, 9);
          expect(back?.pValue).toBeCloseTo(there?.pValue ?? Number.NaN, 6);
        },
      ),
    );
  });

  test('has no spread and no p value with one block, and does not exist without any', () => {
    expect(pairedDifference([])).toBeNull();
    expect(pairedDifference([0.5])).toEqual({ blocks: 1, mean: 0.5, sd: null, pValue: null });
  });

  test.each([
    [0, 1],
    [0.1, 0],
    [-0.1, 0],
  ])('has, of log-ratios that are all %d, the p value %d', (value, pValue) => {
    expect(pairedDifference([value, value, value])).toEqual({ blocks: 3, mean: value, sd: 0, pValue });
  });
});

describe('the smallest detectable effect', () => {
  test('is 2.9 % in the worked example of the method: ten blocks with a spread of 0.0283', () => {
    expect(detectableEffect(0.0283, 10)).toBeCloseTo(0.0286, 3);
    expect(((detectableEffect(0.0283, 10) ?? 0) * 100).toFixed(1)).toBe('2.9');
  });

  test('needs two blocks', () => {
    expect(detectableEffect(0.1, 1)).toBeNull();
    expect(detectableEffect(0.1, 2)).toBeGreaterThan(0);
  });

  test('shrinks with blocks and grows with spread and level', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 0.3, noNaN: true }), fc.integer({ min: 2, max: 40 }), (sd, blocks) => {
        const effect = detectableEffect(sd, blocks) ?? Number.NaN;
        expect(detectableEffect(sd, blocks + 1)).toBeLessThan(effect);
        expect(detectableEffect(sd * 1.1, blocks)).toBeGreaterThan(effect);
        expect(detectableEffect(sd, blocks, 0.99)).toBeGreaterThan(effect);
      }),
    );
  });

  test('is 0 without spread and stays finite with any', () => {
    expect(detectableEffect(0, 5)).toBe(0);
    expect(detectableEffect(500, 2)).toBe(Number.MAX_VALUE);
  });
});

describe('the blocks needed for a margin', () => {
  test.each([
    // ceil(((1.959964 + 0.841621) * sd / ln(1 + margin))^2) + 2; z from scipy.stats.norm.ppf
    [0.0283, 0.05, 0.95, 5],
    [0.0283, 0.02, 0.95, 19],
    [0.15, 0.05, 0.95, 77],
    // z_{0.995} = 2.575829
    [0.0283, 0.05, 0.99, 6],
  ])('are, at a spread of %d, a margin of %d and a level of %d, %d', (sd, margin, level, expected) => {
    expect(blocksForMargin(sd, margin, level)).toBe(expected);
  });

  test('show about the margin as detectable, so that the two figures of one verdict agree', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.03, max: 0.2, noNaN: true }), (sd) => {
        const effect = detectableEffect(sd, blocksForMargin(sd, 0.05)) ?? Number.NaN;
        expect(effect).toBeGreaterThan(0.03);
        expect(effect).toBeLessThan(0.055);
      }),
    );
  });
});
