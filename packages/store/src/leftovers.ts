import { join } from 'node:path';
import type { FileSystem } from './file-system.ts';
import { isPartialName, isTrialFolder, partialName, runFiles } from './layout.ts';

/** Something in a run folder that no journal line vouches for. */
export interface Leftover {
  /** Relative to the run folder. */
  readonly path: string;
  /** `partial`: a crash cut its writing short. `whole`: complete, but nothing says so. `foreign`: not a name the store gives. */
  readonly kind: 'partial' | 'whole' | 'foreign';
}

/** Looks through the run folder, its trials and its raw files for what `vouched` does not name; what lies beside them, such as a page, is not looked at. */
export async function findLeftovers(
  fileSystem: FileSystem,
  folder: string,
  vouched: ReadonlySet<string>,
): Promise<Leftover[]> {
  const found: Leftover[] = [];
  for (const file of [runFiles.plan, runFiles.environment, runFiles.journal, runFiles.seal]) {
    const path = partialName(file);
    if ((await fileSystem.kind(join(folder, path))) !== null) found.push({ path, kind: 'partial' });
  }
  for (const parent of [runFiles.trials, runFiles.raw]) {
    if ((await fileSystem.kind(join(folder, parent))) !== 'folder') continue;
    for (const trial of await fileSystem.list(join(folder, parent))) {
      const path = `${parent}/${trial}`;
      const isTrial = isTrialFolder(trial) && (await fileSystem.kind(join(folder, path))) === 'folder';
      if (isTrial) found.push(...(await inTrial(fileSystem, folder, path, vouched)));
      else found.push({ path, kind: 'foreign' });
    }
  }
  return found;
}

async function inTrial(
  fileSystem: FileSystem,
  folder: string,
  trial: string,
  vouched: ReadonlySet<string>,
): Promise<Leftover[]> {
  const found: Leftover[] = [];
  for (const name of await fileSystem.list(join(folder, trial))) {
    const path = `${trial}/${name}`;
    if (vouched.has(path)) continue;
    const isFile = (await fileSystem.kind(join(folder, path))) === 'file';
    const isOurs = isFile && /^attempt-\d+(?:\.histograms)?\.json$/.test(name);
    found.push({ path, kind: isFile && isPartialName(name) ? 'partial' : isOurs ? 'whole' : 'foreign' });
  }
  return found;
}
