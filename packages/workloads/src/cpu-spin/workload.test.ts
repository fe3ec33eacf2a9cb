import { expect, test } from 'vitest';
import { cpuSpin } from './workload.ts';

test('a spin request never waits and must answer the golden value of the contract', () => {
  expect(cpuSpin.request({ n: 5_000_000 }).path).toBe('/cpu/spin?n=5000000');
  expect(cpuSpin.expected({ n: 5_000_000 })).toEqual({
    status: 200,
    contentType: 'text/plain; charset=utf-8',
    body: '6648fc4f',
  });
  expect(cpuSpin.waitSeconds({ n: 5_000_000 })).toBe(0);
  expect(cpuSpin.kind).toBe('cpu');
});
