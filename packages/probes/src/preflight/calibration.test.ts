import type { CalibrationAge } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { judgeCalibration } from './calibration.ts';

const good: CalibrationAge = {
  takenAt: '2026-01-31T12:00:00.000Z',
  ageSeconds: 600,
  instrumentVersion: '0.1.0',
  passed: true,
  isOfThisBoot: true,
};
const { isOfThisBoot: _, ...ofOldResults } = good;

describe('the condition of the calibration', () => {
  test.for([3, 10, 20, null])('is ok for %s blocks when it passed on this boot with this load generator', (blocks) => {
    expect(judgeCalibration(good, '0.1.0', blocks)).toMatchObject({ level: 'ok', found: 'passed 10 min ago' });
  });

  test.for([
    ['there is none', null, 'nothing says'],
    ['it failed', { ...good, passed: false }, 'readings failed'],
    ['the machine was started since', { ...good, isOfThisBoot: false }, 'started since'],
    ['it does not tell its boot', ofOldResults, 'started since'],
    ['it was of another load generator', { ...good, instrumentVersion: '0.0.9' }, '0.0.9'],
  ] as const)('refuses a thorough plan, warns a standard one and tells a quick one when %s', ([, age, words]) => {
    const at = (blocks: number | null) => judgeCalibration(age, '0.1.0', blocks);
    for (const blocks of [20, 30]) {
      expect(at(blocks)).toMatchObject({ level: 'refusal', effect: expect.stringContaining(words) });
      expect(at(blocks).remedy).toContain('photofinish calibrate');
    }
    for (const blocks of [10, 19, null]) expect(at(blocks).level).toBe('warning');
    expect(at(3)).toMatchObject({ level: 'ok', found: expect.stringContaining(words) });
  });

  test('tells long ages in hours', () => {
    expect(judgeCalibration({ ...good, ageSeconds: 3 * 86_400 }, '0.1.0', 3).found).toBe('passed 72 h ago');
  });
});
