import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import dockerignore from '@balena/dockerignore';
import type { ImageRecipe } from './recipe.ts';

/** One file or symbolic link of a build context. */
export interface ContextFile {
  /** Path below the context, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'link';
}

/**
 * What the builder is given: every file of the context that `<Dockerfile>.dockerignore` leaves in, in the order of paths. Folders that the list
 * leaves out whole are not read.
 */
export async function contextFiles({
  context,
  dockerfile,
}: Pick<ImageRecipe, 'context' | 'dockerfile'>): Promise<ContextFile[]> {
  const patterns = await readFile(`${dockerfile}.dockerignore`, 'utf8').catch(missingAsEmpty);
  const list = dockerignore.default({ ignorecase: false }).add(patterns);
  const readmitted = readmittedPaths(patterns);
  const files: ContextFile[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(context, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const left = list.ignores(path);
      if (entry.isDirectory()) {
        if (!left || readmitted.some((other) => `${other}/`.startsWith(`${path}/`))) await visit(path);
      } else if (!left && (entry.isFile() || entry.isSymbolicLink())) {
        files.push({ path, kind: entry.isFile() ? 'file' : 'link' });
      }
    }
  };
  await visit('');
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Paths that a `!` takes in again; as the builder does, a folder left out is entered only when one of them begins with it. */
function readmittedPaths(patterns: string): string[] {
  return patterns
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1).trim().replace(/^\/+/, '').replace(/\/+$/, ''));
}

function missingAsEmpty(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}
