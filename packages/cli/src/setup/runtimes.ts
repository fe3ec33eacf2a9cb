import { delimiter, join, resolve } from 'node:path';
import { type Runtime, readRuntimes } from '@photofinish/engines';
import type { Invocation } from '../terminal.ts';

/** The runtimes of the project, and those of the folders that `PHOTOFINISH_RUNTIMES` names, so that a target can be tried outside the tree. */
export async function allRuntimes({ root, environment, workingFolder }: Invocation): Promise<Runtime[]> {
  const further = (environment.PHOTOFINISH_RUNTIMES ?? '').split(delimiter).filter((folder) => folder !== '');
  return await readRuntimes(join(root, 'runtimes'), ...further.map((folder) => resolve(workingFolder, folder)));
}
