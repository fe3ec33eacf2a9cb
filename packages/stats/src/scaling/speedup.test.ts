import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { speedup } from './speedup.ts';

describe('speedup', () => {
  test('is the geometric mean of the paired ratios, with efficiency over the ratio of cores', () => {
    const scaling = speedup(
      [
        { fewer: 100, more: 180 },
        { fewer: 110, more: 220 },
        { fewer: 95, more: 171 },
      ],
      2,
    );
    expect(scaling?.pairs).toBe(3);
    expect(scaling?.speedup).toBeCloseTo(Math.cbrt(1.8 * 2 * 1.8), 12);
    expect(scaling?.efficiency).toBeCloseTo(Math.cbrt(1.8 * 2 * 1.8) / 2, 12);
    // t_{2, 0.975} = 4.302653; log-ratios 0.587787, 0.693147, 0.587787: mean 0.622907, sd 0.060830.
    expect(Math.log(scaling?.interval?.lower ?? 0)).toBeCloseTo(0.622907 - (4.302653 * 0.06083) / Math.sqrt(3), 4);
  });

  test('has no interval with one pair and does not exist without any', () => {
    expect(speedup([{ fewer: 10, more: 20 }], 4)).toEqual({ pairs: 1, speedup: 2, interval: null, efficiency: 0.5 });
    expect(speedup([], 2)).toBeNull();
  });

  test('does not depend on the unit of throughput', () => {
    const pairs = fc.array(
      fc.record({
        fewer: fc.double({ min: 1, max: 1e5, noNaN: true }),
        more: fc.double({ min: 1, max: 1e5, noNaN: true }),
      }),
      { minLength: 2, maxLength: 10 },
    );
    fc.assert(
      fc.property(pairs, fc.double({ min: 0.01, max: 100, noNaN: true }), (measured, unit) => {
        const plain = speedup(measured, 2);
        const scaled = speedup(
          measured.map(({ fewer, more }) => ({ fewer: fewer * unit, more: more * unit })),
          2,
        );
        expect((scaled?.speedup ?? 0) / (plain?.speedup ?? Number.NaN)).toBeCloseTo(1, 9);
      }),
    );
  });
});
