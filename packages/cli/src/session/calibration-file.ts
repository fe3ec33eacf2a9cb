import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Calibration, type CalibrationAge, canonicalJson } from '@photofinish/schema';

/** Where the calibration of a host lies: beside the project's other state of this machine, never in results. */
export const calibrationPath = (root: string, hostKey: string): string =>
  join(root, '.photofinish', 'calibration', `${hostKey}.json`);

/** Writes a calibration, whole or not at all, in place of the one before: temporary name, fsync, new name. Returns its path. */
export async function writeCalibration(root: string, calibration: Calibration): Promise<string> {
  const path = calibrationPath(root, calibration.hostKey);
  const partial = `${path}.${process.pid}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(partial, 'w');
    try {
      await file.writeFile(`${canonicalJson(calibration)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return path;
}

/** The calibration of a host; null when there is none, or one that this version cannot read: both mean that it has to be made. */
export async function readCalibration(root: string, hostKey: string): Promise<Calibration | null> {
  let text: string;
  try {
    text = await readFile(calibrationPath(root, hostKey), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const read = Calibration.safeParse(parsed(text));
  return read.success ? read.data : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What a run tells of the last calibration; null when there never was one. */
export function calibrationAge(calibration: Calibration | null, now: Date, bootId: string): CalibrationAge | null {
  if (calibration === null) return null;
  const { takenAt, instrument, passed } = calibration;
  const ageSeconds = Math.max(0, (now.getTime() - Date.parse(takenAt)) / 1000);
  const isOfThisBoot = calibration.bootId === bootId;
  return { takenAt, ageSeconds, instrumentVersion: instrument.version, passed, isOfThisBoot };
}
