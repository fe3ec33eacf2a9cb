import { describe, expect, test } from 'vitest';
import { association } from './association.ts';

/** Pairs of which the second is the first to the power of the slope, times what is left over. */
const pairs = (slope: number, left: (index: number) => number) =>
  Array.from({ length: 60 }, (_, index) => {
    const x = 1 + (index % 10) / 50;
    return [x, x ** slope * left(index)] as const;
  });

describe('the association of two series', () => {
  test('is perfect where one is a power of the other, and the fitted line leaves nothing', () => {
    const found = association(pairs(1.5, () => 1));
    expect(found.correlation).toBeCloseTo(1, 9);
    expect(found.slope).toBeCloseTo(1.5, 9);
    expect(found.fittedSpread).toBeCloseTo(0, 7);
    expect(found.unitSpread).toBeCloseTo(found.spread / 3, 3);
  });

  test('has an interval around it, and the fitted line leaves what the other does not explain', () => {
    const found = association(pairs(1, (index) => (Math.floor(index / 10) % 2 === 0 ? 1.03 : 1 / 1.03)));
    expect(found.lower).toBeLessThan(found.correlation);
    expect(found.upper).toBeGreaterThan(found.correlation);
    expect(found.fittedSpread).toBeCloseTo(Math.log(1.03), 2);
    expect(found.fittedSpread).toBeLessThan(found.spread);
  });

  test('is negative where one falls as the other rises', () => {
    expect(association(pairs(-1, (index) => 1 + (index % 7) / 1000)).correlation).toBeLessThan(-0.99);
  });
});
