import { describe, expect, it } from 'vitest';
import { axisFor, placeOn } from './axis.ts';

const labels = (values: readonly number[], others: readonly number[] = []) =>
  axisFor(values, others, 'x').ticks.map((tick) => tick.label);

describe('an axis', () => {
  it.each([
    [
      [5120, 640],
      ['0', '2,000', '4,000', '6,000'],
    ],
    [
      [1.98, 0.99],
      ['0', '0.5', '1', '1.5', '2', '2.5'],
    ],
    [[0.04], ['0', '0.01', '0.02', '0.03', '0.04', '0.05']],
    [[11], ['0', '2.5', '5', '7.5', '10', '12.5']],
    [
      [0, 0],
      ['0', '0.2', '0.4', '0.6', '0.8', '1', '1.2'],
    ],
  ])('over %j is linear from zero with round marks', (values, expected) => {
    const axis = axisFor(values, [], 'x');
    expect(axis.scale).toBe('linear');
    expect(axis.minimum).toBe(0);
    if (values[0] !== 0) expect(axis.maximum).toBeGreaterThanOrEqual(Math.max(...values));
    expect(labels(values)).toEqual(expected);
  });

  it('stays linear up to a factor of 20 and turns logarithmic above it', () => {
    expect(axisFor([1, 20], [], 'x').scale).toBe('linear');
    expect(axisFor([1, 20.1], [], 'x')).toMatchObject({ scale: 'log', title: 'x (logarithmic axis)' });
  });

  it('is never logarithmic with a zero on it, which such an axis cannot show', () => {
    expect(axisFor([0, 0.1, 500], [], 'x').scale).toBe('linear');
  });

  it('labels 1, 2, 5 on a short logarithmic axis and decades on a long one', () => {
    expect(labels([4.6, 299])).toEqual(['2', '5', '10', '20', '50', '100', '200', '500']);
    expect(labels([0.02, 99_000])).toEqual(['0.1', '1', '10', '100', '1,000', '10,000', '100,000']);
  });

  it('makes room for the ends of intervals', () => {
    const axis = axisFor([1, 65], [0.4, 130], 'x');
    expect(axis.minimum).toBeLessThanOrEqual(0.4);
    expect(axis.maximum).toBeGreaterThanOrEqual(130);
  });

  it('places values between its ends', () => {
    const linear = axisFor([100], [], 'x');
    expect(placeOn(linear, 0)).toBe(0);
    expect(placeOn(linear, linear.maximum / 2)).toBeCloseTo(0.5);
    const log = axisFor([1, 100], [], 'x');
    expect(placeOn(log, 10)).toBeCloseTo(0.5);
    expect(placeOn(log, 0)).toBe(0);
    expect(placeOn(log, 1e9)).toBe(1);
  });
});
