import { expect, test } from 'vitest';
import { timer } from './workload.ts';

test('a timer request waits as long as it says and says how long it waited', () => {
  expect(timer.request({ ms: 50 }).path).toBe('/timer?ms=50');
  expect(timer.expected({ ms: 50 })).toEqual({ status: 200, contentType: 'application/json', body: '{"ms":50}' });
  expect(timer.waitSeconds({ ms: 50 })).toBe(0.05);
  expect(timer.kind).toBe('io');
});
