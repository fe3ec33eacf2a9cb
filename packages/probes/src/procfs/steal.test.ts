import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CoreTimes, coresBusy, readCoreTimes, stealShare } from './steal.ts';

let proc = '';
beforeAll(() => {
  proc = mkdtempSync(join(tmpdir(), 'photofinish-proc-'));
  // captured on a virtual machine of two cores
  writeFileSync(
    join(proc, 'stat'),
    'cpu  83254 0 20412 601233 1021 0 377 4630 0 0\ncpu0 41000 0 10000 300000 500 0 177 2300 0 0\ncpu1 42254 0 10412 301233 521 0 200 2330 0 0\nintr 1\n',
  );
});
afterAll(() => rmSync(proc, { recursive: true }));

test('reads all time and the stolen part of the cores asked for only', async () => {
  expect(await readCoreTimes([1], proc)).toEqual({
    total: 42254 + 10412 + 301233 + 521 + 200 + 2330,
    steal: 2330,
    programs: 42254 + 10412,
    cores: 1,
  });
});

test('is unknown where the kernel shows no such core', async () => {
  expect(await readCoreTimes([7], proc)).toBeNull();
  expect(await readCoreTimes([0], join(proc, 'missing'))).toBeNull();
});

const times = (changes: Partial<CoreTimes>): CoreTimes => ({
  total: 1000,
  steal: 5,
  programs: 400,
  cores: 2,
  ...changes,
});

test.each([
  ['two of a hundred ticks', times({}), times({ total: 1100, steal: 7 }), 0.02],
  ['no time', times({}), times({}), null],
  ['an unknown edge', null, times({}), null],
])('the stolen share of %s', (_what, first, last, share) => {
  expect(stealShare(first, last)).toBe(share);
});

test('three of four core-seconds that programs used are one and a half cores', () => {
  expect(coresBusy(times({}), times({ total: 1400, programs: 700 }))).toBe(1.5);
  expect(coresBusy(null, times({}))).toBeNull();
});
