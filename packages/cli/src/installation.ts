import { readFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';

/** Whether this Photofinish is an installed package of npm and not a clone: then its folder is npm's, and nobody looks for results in it. */
function isInstalled(root: string): boolean {
  return root.split(sep).includes('node_modules');
}

/** Folder of results where no flag names one: of the clone, or below the folder the command was given in. */
export function resultsFolder(root: string, workingFolder: string): string {
  return join(isInstalled(root) ? workingFolder : root, 'results');
}

const PackedManifest = z.object({ gitHead: z.string().optional() });

/**
 * Commit of this Photofinish, twelve digits; null when it is not known. An installed package has it in its manifest, if it was packed from a clean
 * tree: a repository around the folder it is installed in is somebody else's.
 */
export async function commitOf(root: string): Promise<string | null> {
  if (isInstalled(root)) {
    const text = await readFile(join(dirname(root), 'package.json'), 'utf8').catch(() => '{}');
    return PackedManifest.parse(JSON.parse(text)).gitHead?.slice(0, 12) ?? null;
  }
  const result = await execa('git', ['-C', root, 'rev-parse', '--short=12', 'HEAD'], {
    reject: false,
    stdin: 'ignore',
  });
  return result.failed ? null : String(result.stdout).trim();
}
