import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { EnvironmentError } from '@photofinish/schema';
import { writeAll } from './atomic-file.ts';
import { codeOf, type FileSystem } from './file-system.ts';
import { runFiles } from './layout.ts';

/** Generous for one attempt: five histograms of at most some 20 KiB each, and a record with a row for each second of the window. */
const bytesPerAttempt = 192 * 2 ** 10;

/** Space left alone so that a run never fills somebody's disk, bytes. */
export const spaceFloor = 64 * 2 ** 20;

/** Space kept back for the journal's last line, bytes. */
export const reserveBytes = 64 * 2 ** 10;

/**
 * Looks for room before the first measurement: twice what the trials to come may take, and the floor. Throws `EnvironmentError` (`E_DISK_LOW`)
 * with both numbers.
 */
export async function demandSpace(
  fileSystem: FileSystem,
  folder: string,
  trials: number,
  floor: number,
): Promise<void> {
  const needed = 2 * trials * bytesPerAttempt + floor;
  const free = await fileSystem.freeBytes(folder);
  if (free >= needed) return;
  throw new EnvironmentError('E_DISK_LOW', {
    what: 'the disk that holds the results has too little room for this plan',
    where: folder,
    given: `${mebibytes(free)} free`,
    allowed: `at least ${mebibytes(needed)}`,
    remedy: 'free some space, or name a folder on another disk with --out DIR',
  });
}

const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Space kept back on the disk, given up once. Random bytes, because a disk that compresses would give zeros no room. */
export class Reserve {
  readonly #fileSystem: FileSystem;
  readonly #path: string;
  #isHeld = true;

  private constructor(fileSystem: FileSystem, path: string) {
    this.#fileSystem = fileSystem;
    this.#path = path;
  }

  /** Takes the space, in place of a reserve that a crash left behind; where that fails, nothing is left behind. */
  static async take(fileSystem: FileSystem, folder: string, bytes: number): Promise<Reserve> {
    const reserve = new Reserve(fileSystem, join(folder, runFiles.reserve));
    await reserve.release();
    reserve.#isHeld = true;
    try {
      const file = await fileSystem.openNew(reserve.#path);
      try {
        await writeAll(file, randomBytes(bytes));
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      await reserve.release().catch(() => undefined);
      throw error;
    }
    return reserve;
  }

  /** Gives the space back. */
  async release(): Promise<void> {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    try {
      await this.#fileSystem.remove(this.#path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
}
