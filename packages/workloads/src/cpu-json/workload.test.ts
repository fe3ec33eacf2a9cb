import { expect, test } from 'vitest';
import { cpuJson } from './workload.ts';

test('a json request must answer the golden checksum line, however often the kernel is repeated', () => {
  expect(cpuJson.request({}).path).toBe('/cpu/json?repeat=1');
  expect(cpuJson.request({ repeat: 4 }).path).toBe('/cpu/json?repeat=4');
  for (const repeat of [1, 4, 100]) {
    expect(cpuJson.expected({ repeat }).body).toBe('20000:3057911568:9994569:4015531070:9930:428890');
  }
  expect(cpuJson.waitSeconds({})).toBe(0);
});
