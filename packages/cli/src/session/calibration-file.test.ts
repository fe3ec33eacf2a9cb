import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Calibration } from '@photofinish/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { calibrationAge, calibrationPath, readCalibration, writeCalibration } from './calibration-file.ts';

const hostKey = 'hk1-0123456789abcdef';
const calibration: Calibration = {
  schemaVersion: 1,
  hostKey,
  takenAt: '2026-01-31T12:00:00.000Z',
  bootId: 'this boot',
  instrument: { version: '0.1.0' },
  seconds: 70,
  cores: { generator: 0, server: 1 },
  hiccups: [],
  passed: true,
  readings: [
    {
      mode: 'delay-5ms',
      quantity: 'p50',
      unit: 'seconds',
      truth: 0.005,
      measured: 0.0051,
      error: 0.0001,
      limit: 0.0002,
      passed: true,
    },
  ],
};

describe('the calibration of a host', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'photofinish-calibration-'));
  });
  afterAll(async () => await rm(root, { recursive: true }));

  test('is null before the first', async () => {
    expect(await readCalibration(root, hostKey)).toBeNull();
    expect(calibrationAge(null, new Date(), 'this boot')).toBeNull();
  });

  test('is read back as written, the newest in place of the one before, and nothing else is left behind', async () => {
    await writeCalibration(root, { ...calibration, passed: false });
    const path = await writeCalibration(root, calibration);
    expect(path).toBe(calibrationPath(root, hostKey));
    expect(await readCalibration(root, hostKey)).toEqual(calibration);
    expect(await readdir(dirname(path))).toEqual([`${hostKey}.json`]);
  });

  test.for(['not json', '{"schemaVersion":2}'])('counts as none when the file holds %s', async (text) => {
    await writeFile(calibrationPath(root, hostKey), text);
    expect(await readCalibration(root, hostKey)).toBeNull();
  });

  test('has an age, which is never negative', () => {
    expect(calibrationAge(calibration, new Date('2026-01-31T13:00:00Z'), 'this boot')).toEqual({
      takenAt: calibration.takenAt,
      ageSeconds: 3600,
      instrumentVersion: '0.1.0',
      passed: true,
      isOfThisBoot: true,
    });
    expect(calibrationAge(calibration, new Date('2026-01-31T11:00:00Z'), 'next boot')).toMatchObject({
      ageSeconds: 0,
      isOfThisBoot: false,
    });
  });
});
