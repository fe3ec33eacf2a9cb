import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CoreTimes, readCoreTimes, timesBetween } from './steal.ts';

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

test('reads the time of the cores asked for only, and what was stolen and what programs used of it', async () => {
  expect(await readCoreTimes([1], proc)).toEqual(
    new Map([[1, { total: 42254 + 10412 + 301233 + 521 + 200 + 2330, steal: 2330, programs: 42254 + 10412 }]]),
  );
});

test('is unknown where the kernel shows no such core', async () => {
  expect(await readCoreTimes([7], proc)).toBeNull();
  expect(await readCoreTimes([0, 7], proc)).toBeNull();
  expect(await readCoreTimes([0], join(proc, 'missing'))).toBeNull();
});

const times = (total: number, steal: number, programs: number): CoreTimes => ({ total, steal, programs });
const first = new Map([
  [0, times(1000, 5, 400)],
  [1, times(2000, 7, 100)],
]);

test('what passed is the sum over the cores asked for', () => {
  const last = new Map([
    [0, times(1100, 7, 480)],
    [1, times(2100, 7, 110)],
  ]);
  expect(timesBetween(first, last, [0])).toEqual(times(100, 2, 80));
  expect(timesBetween(first, last, [0, 1])).toEqual(times(200, 2, 90));
});

test.each([
  ['no time has passed', first, [0]],
  ['an edge is unknown', null, [0]],
  ['a core is unknown', first, [0, 3]],
])('nothing is known to have passed where %s', (_what, last, cores) => {
  expect(timesBetween(first, last, cores)).toBeNull();
});
