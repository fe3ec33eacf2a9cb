import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { geometricMean, meanInterval, ratioInterval } from './interval.ts';

/** Extra hours of sleep under two drugs, ten people: the data of Student's paper of 1908, R's `sleep`. */
const sleep = [
  [0.7, 1.9],
  [-1.6, 0.8],
  [-0.2, 1.1],
  [-1.2, 0.1],
  [-0.1, -0.1],
  [3.4, 4.4],
  [3.7, 5.5],
  [0.8, 1.6],
  [0.0, 4.6],
  [2.0, 3.4],
] as const;

describe('the interval of a mean', () => {
  test("is R's for Student's own sleep data", () => {
    const interval = meanInterval(
      sleep.map(([first, second]) => first - second),
      0.95,
    );
    // R: t.test(extra ~ group, data = sleep, paired = TRUE)$conf.int
    expect(interval?.lower).toBeCloseTo(-2.4598858, 7);
    expect(interval?.upper).toBeCloseTo(-0.7001142, 7);
  });

  test.each([
    // scipy 1.17.1: scipy.stats.t.interval(level, 4, loc=mean, scale=scipy.stats.sem(x))
    [0.95, 0.06606528405093927, 0.30593471594906074],
    [0.99, -0.012884108878698897, 0.3848841088786989],
  ])("is SciPy's at level %d", (level, lower, upper) => {
    const interval = meanInterval([0.12, 0.31, 0.18, 0.25, 0.07], level);
    expect(interval?.lower).toBeCloseTo(lower, 10);
    expect(interval?.upper).toBeCloseTo(upper, 10);
    expect(interval?.level).toBe(level);
  });

  test('exists from two values on', () => {
    expect(meanInterval([], 0.95)).toBeNull();
    expect(meanInterval([1], 0.95)).toBeNull();
    // Half-width t_{1, 0.975} * s / sqrt(2) with s = sqrt(2) / 2.
    expect(meanInterval([1, 2], 0.95)?.upper).toBeCloseTo(1.5 + 12.706204736174694 / 2, 8);
  });

  test('is a point where all values are equal, whatever their number and size', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 700, noNaN: true }), fc.integer({ min: 2, max: 40 }), (value, count) => {
        const interval = meanInterval(new Array<number>(count).fill(value), 0.95);
        expect(interval).toEqual({ lower: value, upper: value, level: 0.95 });
      }),
    );
  });

  test('widens with the level and holds the mean', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 30 }), (values) => {
        const narrow = meanInterval(values, 0.9);
        const wide = meanInterval(values, 0.99);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(wide?.lower).toBeLessThanOrEqual(narrow?.lower ?? Number.NaN);
        expect(wide?.upper).toBeGreaterThanOrEqual(narrow?.upper ?? Number.NaN);
        expect(narrow?.lower).toBeLessThanOrEqual(mean + 1e-12);
        expect(narrow?.upper).toBeGreaterThanOrEqual(mean - 1e-12);
      }),
    );
  });
});

describe('the geometric mean', () => {
  test("is SciPy's, with the interval of the logarithms", () => {
    const typical = geometricMean([103.2, 98.7, 110.4, 95.1, 101.8]);
    // scipy 1.17.1: scipy.stats.gmean(y); numpy.exp(scipy.stats.t.interval(0.95, 4, loc=log(y).mean(), scale=scipy.stats.sem(log(y))))
    expect(typical?.value).toBeCloseTo(101.71355734525407, 9);
    expect(typical?.interval?.lower).toBeCloseTo(94.93218555, 7);
    expect(typical?.interval?.upper).toBeCloseTo(108.97934866, 7);
  });

  test('is the value itself of one trial, without an interval, and null of none', () => {
    expect(geometricMean([])).toBeNull();
    const one = geometricMean([42]);
    expect(one?.value).toBeCloseTo(42, 12);
    expect(one?.interval).toBeNull();
  });

  test('scales with the unit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 20 }),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        (values, unit) => {
          const plain = geometricMean(values);
          const scaled = geometricMean(values.map((value) => value * unit));
          expect((scaled?.value ?? 0) / ((plain?.value ?? 0) * unit)).toBeCloseTo(1, 9);
        },
      ),
    );
  });
});

describe('the interval of a ratio', () => {
  test('stays finite, so that it can be written down, where two blocks contradict each other wildly', () => {
    const interval = meanInterval([-60, 60], 0.99);
    const ratio = interval && ratioInterval(interval);
    expect(ratio?.lower).toBe(0);
    expect(ratio?.upper).toBe(Number.MAX_VALUE);
  });
});
