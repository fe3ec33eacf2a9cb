import { basename, dirname, join } from 'node:path';
import { codeOf, type FileSystem, type OpenFile } from './file-system.ts';
import { partialName } from './layout.ts';

/**
 * Writes a file that is either whole or absent after any crash, and never replaces one: temporary name in the same folder, fsync, new name,
 * fsync of the folder. A rename alone is not enough for a power cut (npm/write-file-atomic#17).
 * Fails with `EEXIST` when the name is taken.
 */
export async function writeNewFile(fileSystem: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  const partial = join(folder, partialName(basename(path)));
  const file = await fileSystem.openNew(partial);
  try {
    try {
      await writeAll(file, bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await giveName(fileSystem, partial, path);
  } catch (error) {
    await fileSystem.remove(partial).catch(() => undefined);
    throw error;
  }
  await fileSystem.syncFolder(folder);
}

/** Appends all bytes, however few the disk takes at a time. */
export async function writeAll(file: OpenFile, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const taken = await file.write(bytes.subarray(written));
    if (taken === 0) throw Object.assign(new Error('EIO: the disk took no bytes'), { code: 'EIO' });
    written += taken;
  }
}

/** A second name refuses to replace where `rename` would; file systems without links get a look beforehand, safe for the one writer of a run. */
async function giveName(fileSystem: FileSystem, partial: string, path: string): Promise<void> {
  try {
    await fileSystem.link(partial, path);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error) ?? '')) throw error;
    if ((await fileSystem.kind(path)) !== null) {
      throw Object.assign(new Error(`EEXIST: ${basename(path)} exists`), { code: 'EEXIST' });
    }
    await fileSystem.rename(partial, path);
    return;
  }
  await fileSystem.remove(partial);
}
