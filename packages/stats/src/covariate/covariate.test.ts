import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adjustedLogRatios, tryAdjustment } from './adjustment.ts';
import { type CovariatePoint, withinSlope } from './within-slope.ts';

const line = (level: number, slope: number, covariates: readonly number[]): CovariatePoint[] =>
  covariates.map((covariate) => ({ covariate, outcome: level + slope * covariate }));

describe('the slope within trials', () => {
  test('is that of the textbook, whatever the levels of the trials are', () => {
    // One trial is ordinary least squares: x 1..12, y of a table whose slope is 143/143 of its own products.
    const xs = Array.from({ length: 12 }, (_, index) => index + 1);
    const ys = [2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11];
    const points = xs.map((covariate, index) => ({ covariate, outcome: ys[index] ?? 0 }));
    // Sxy = 137, Sxx = 143 by hand.
    expect(withinSlope([points])?.slope).toBeCloseTo(137 / 143, 12);
    const lifted = points.map(({ covariate, outcome }) => ({ covariate: covariate + 50, outcome: outcome - 900 }));
    expect(withinSlope([points, lifted])?.slope).toBeCloseTo(137 / 143, 12);
  });

  test('does not see what sets trials apart', () => {
    const flat = [0, 1, 2].map((level) =>
      line(5 * level, 0, [level, level + 0.1, level + 0.2, level + 0.3, level + 0.4]),
    );
    expect(withinSlope(flat)).toEqual({ slope: expect.closeTo(0, 12), trials: 3, points: 15 });
  });

  test('is found again on any straight lines', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1 }),
        (slope, levels) => {
          const trials = levels.map((level) =>
            line(
              level,
              slope,
              Array.from({ length: 12 }, (_, index) => index / 10),
            ),
          );
          expect(withinSlope(trials)?.slope).toBeCloseTo(slope, 9);
        },
      ),
    );
  });

  test('is not told by a handful of points, or by a host that never changed its speed', () => {
    const trial = line(0, -1, [0, 0.1, 0.2]);
    expect(withinSlope([])).toBeNull();
    expect(withinSlope([trial, trial, trial, trial])).toBeNull();
    expect(withinSlope(Array.from({ length: 5 }, () => trial))?.slope).toBeCloseTo(-1, 12);
    expect(withinSlope(Array.from({ length: 20 }, () => trial.slice(0, 1)))).toBeNull();
    expect(
      withinSlope([
        line(
          3,
          -1,
          Array.from({ length: 20 }, () => 0.25),
        ),
      ]),
    ).toBeNull();
  });
});

describe('an adjusted log-ratio', () => {
  test('is what both would have been at the same speed', () => {
    // The target is 0.2 above the baseline; both lose with the speed of their core, by slopes of their own.
    const covariates = [
      [0, 0.1],
      [0.3, 0.05],
      [0.2, 0.2],
    ] as const;
    const pairs = covariates.map(([x, z]) => ({
      target: { covariate: x, outcome: 1.2 - 1.5 * (x - 0.85 / 6) },
      baseline: { covariate: z, outcome: 1 - 0.5 * (z - 0.85 / 6) },
    }));
    for (const ratio of adjustedLogRatios(pairs, { target: -1.5, baseline: -0.5 })) expect(ratio).toBeCloseTo(0.2, 12);
    expect(adjustedLogRatios(pairs, { target: 0, baseline: 0 })[1]).toBeCloseTo(
      0.2 - 1.5 * 0.3 + 0.5 * 0.05 + 0.85 / 6,
      12,
    );
    expect(adjustedLogRatios([], { target: 1, baseline: 1 })).toEqual([]);
  });
});

describe('an adjustment', () => {
  test('is accepted where a target differs less from itself by it, and only there', () => {
    const raw = [0.1, -0.1, 0.05, -0.05];
    expect(
      tryAdjustment(
        raw,
        raw.map((value) => value / 2),
      ),
    ).toMatchObject({ pairs: 4, isAccepted: true });
    expect(tryAdjustment(raw, raw)).toMatchObject({ isAccepted: false });
    expect(
      tryAdjustment(
        raw,
        raw.map((value) => value * 2),
      ),
    ).toMatchObject({ isAccepted: false });
    expect(tryAdjustment([0.1, -0.1], [0, 0])).toBeNull();
  });
});
