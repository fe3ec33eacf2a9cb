import { join } from 'node:path';
import { Calibration, type CalibrationAge } from '@photofinish/schema';
import { readStateFile, writeStateFile } from './state-file.ts';

/** Where the calibration of a host lies: beside the project's other state of this machine, never in results. */
export const calibrationPath = (root: string, hostKey: string): string =>
  join(root, '.photofinish', 'calibration', `${hostKey}.json`);

/** Writes a calibration in place of the one before. Returns its path. */
export async function writeCalibration(root: string, calibration: Calibration): Promise<string> {
  const path = calibrationPath(root, calibration.hostKey);
  await writeStateFile(path, calibration);
  return path;
}

/** The calibration of a host; null when there is none, or one that this version cannot read: both mean that it has to be made. */
export async function readCalibration(root: string, hostKey: string): Promise<Calibration | null> {
  const read = Calibration.safeParse(await readStateFile(calibrationPath(root, hostKey)));
  return read.success ? read.data : null;
}

/** What a run tells of the last calibration; null when there never was one. */
export function calibrationAge(calibration: Calibration | null, now: Date, bootId: string): CalibrationAge | null {
  if (calibration === null) return null;
  const { takenAt, instrument, passed } = calibration;
  const ageSeconds = Math.max(0, (now.getTime() - Date.parse(takenAt)) / 1000);
  const isOfThisBoot = calibration.bootId === bootId;
  return { takenAt, ageSeconds, instrumentVersion: instrument.version, passed, isOfThisBoot };
}
