import { join } from 'node:path';
import { writeAll } from './atomic-file.ts';
import { openingError } from './disk-error.ts';
import type { FileSystem } from './file-system.ts';
import { partialName, runFiles } from './layout.ts';
import { nodeFileSystem } from './node-file-system.ts';

/** Names of what is derived from a run and lies beside it: remade at any time, vouched for by nothing. */
export const derivedFiles = { page: 'report.html', analysis: 'analysis.json' } as const;

/**
 * Writes a derived file into a run folder, replacing an earlier one in one step, and returns its path. Never touches what was measured.
 * Throws `EnvironmentError` `E_RESULTS_NOT_WRITABLE` and `EnvironmentLostError` `E_DISK_FULL`.
 */
export async function writeDerivedFile(
  folder: string,
  kind: keyof typeof derivedFiles,
  text: string,
  fileSystem: FileSystem = nodeFileSystem,
): Promise<string> {
  const name = derivedFiles[kind];
  const partial = join(folder, partialName(name));
  try {
    if ((await fileSystem.kind(join(folder, runFiles.plan))) !== 'file')
      throw new TypeError(`${folder} is no run folder`);
    if ((await fileSystem.kind(partial)) !== null) await fileSystem.remove(partial);
    const file = await fileSystem.openNew(partial);
    try {
      await writeAll(file, Buffer.from(text));
      await file.sync();
    } finally {
      await file.close();
    }
    await fileSystem.rename(partial, join(folder, name));
    await fileSystem.syncFolder(folder);
  } catch (error) {
    throw openingError(folder, error);
  }
  return join(folder, name);
}
