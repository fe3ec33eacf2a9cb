import { expect, test } from 'vitest';
import { againstItself } from './itself.ts';

/** A core that is slower from trial to trial and from window to window, and what a loop of this slope gets done on it. */
const series = (windows: number, slope: number) =>
  Array.from({ length: windows }, (_, index) => {
    const covariate = 0.1 * Math.sin(index) + 0.2 * Math.cos(index / 7);
    return { covariate, outcome: 3 + slope * covariate + 0.001 * Math.sin(7 * index) };
  });

test('a loop that follows the speed of its core differs less from itself when that is taken off', () => {
  const found = againstItself(series(60, -1));
  expect(found).toMatchObject({ pairs: 5, isAccepted: true, slope: expect.closeTo(-1, 1) });
  expect(found?.adjustedSpread).toBeLessThan((found?.rawSpread ?? 0) / 10);
});

test('there is nothing to take off a loop that does not, and nothing to tell of a short series', () => {
  expect(againstItself(series(60, 0))?.isAccepted).toBe(false);
  expect(againstItself(series(30, -1))).toBeNull();
});
