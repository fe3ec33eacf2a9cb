import type { Calibration, CalibrationReading } from '@photofinish/schema';
import { expect, test } from 'vitest';
import { calibrationTable } from './calibration-table.ts';
import { coloursFor } from './colours.ts';

const reading = (changes: Partial<CalibrationReading>): CalibrationReading => ({
  mode: 'delay-5ms',
  quantity: 'p50',
  unit: 'seconds',
  truth: 0.005,
  measured: 0.0051,
  error: 0.0001,
  limit: 0.0002,
  passed: true,
  ...changes,
});

const calibration: Calibration = {
  schemaVersion: 1,
  hostKey: 'hk1-0123456789abcdef',
  takenAt: '2026-01-31T12:00:00.000Z',
  bootId: 'this boot',
  instrument: { version: '0.1.0' },
  seconds: 70,
  cores: { generator: 0, server: 1 },
  hiccups: [],
  passed: false,
  readings: [
    reading({}),
    reading({ quantity: 'p99', measured: null, error: null, passed: false }),
    reading({
      mode: 'null-closed',
      quantity: 'ceiling',
      unit: 'per-second',
      truth: null,
      measured: 20_000.4,
      error: null,
      limit: null,
    }),
  ],
};

test('each reading is a line with truth, measured, error, limit and its judgement', () => {
  const lines = calibrationTable(calibration, coloursFor({ isTTY: false }, {}, false)).split('\n');
  expect(lines[0]).toMatch(/^mode +quantity +truth +measured +error +limit$/);
  expect(lines[1]).toMatch(/^delay-5ms +p50 +5\.000 ms +5\.100 ms +\+0\.100 ms +0\.200 ms +passed$/);
  expect(lines[2]).toMatch(/not estimable +- +0\.200 ms +FAILED$/);
  expect(lines[3]).toMatch(/^null-closed +ceiling +- +20000\/s +- +- +recorded$/);
});
