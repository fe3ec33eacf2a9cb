import { RunId } from '@photofinish/schema';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  attemptFile,
  histogramsFile,
  isSealablePath,
  newRunId,
  quarantineFile,
  runFiles,
  runFolder,
} from './layout.ts';

test('a run id is the time to the second and a random tail', () => {
  expect(newRunId(new Date('2026-01-31T12:00:00.999Z'), () => 0x0a1b2c / 2 ** 24)).toBe('20260131T120000Z-0a1b2c');
});

test('every run id is valid, and ids sort by time', () => {
  const time = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(time, time, random, random, (a, b, x, y) => {
      const [first, second] = [newRunId(a, () => x), newRunId(b, () => y)];
      RunId.parse(first);
      if (Math.floor(a.getTime() / 1000) < Math.floor(b.getTime() / 1000)) expect(first < second).toBe(true);
    }),
  );
});

test('a run has its place, and an attempt has a file for its record and one for its histograms', () => {
  expect(runFolder('results', 'quick', '20260131T120000Z-0a1b2c')).toBe('results/quick/20260131T120000Z-0a1b2c');
  expect(attemptFile('timer.b01.t02', 3)).toBe('trials/timer.b01.t02/attempt-3.json');
  expect(histogramsFile('timer.b01.t02', 3)).toBe('raw/timer.b01.t02/attempt-3.histograms.json');
});

test('no two files moved to quarantine share a name', () => {
  const names = [4, 5].flatMap((line) => [
    quarantineFile(line, attemptFile('timer.b01.t01', 1)),
    quarantineFile(line, histogramsFile('timer.b01.t01', 1)),
  ]);
  expect(new Set(names).size).toBe(4);
  expect(names.every(isSealablePath)).toBe(true);
});

test.each([runFiles.plan, runFiles.journal, attemptFile('timer.b01.t02', 3), histogramsFile('timer.b01.t02', 3)])(
  'a seal may name %s',
  (path) => expect(isSealablePath(path)).toBe(true),
);

test.each([
  '../plan.json',
  '/etc/passwd',
  'trials/../../x',
  'trials//x',
  '.reserve',
  'a\\b',
  'a\nb',
  '',
  'x'.repeat(301),
])('a seal may not name %j', (path) => expect(isSealablePath(path)).toBe(false));
