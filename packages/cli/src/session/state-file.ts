import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { canonicalJson } from '@photofinish/schema';

/** Writes what the project keeps of this machine, whole or not at all, in place of what was there: temporary name, fsync, new name. */
export async function writeStateFile(path: string, value: unknown): Promise<void> {
  const partial = `${path}.${process.pid}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(partial, 'w');
    try {
      await file.writeFile(`${canonicalJson(value)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** What such a file holds; null when there is none, or it is no JSON. */
export async function readStateFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      return null;
    throw error;
  }
}
