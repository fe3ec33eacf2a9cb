import { basename, join } from 'node:path';
import { ExperimentId, RunId, UsageError } from '@photofinish/schema';
import { codeOf, type FileSystem } from './file-system.ts';
import { runFiles, runFolder } from './layout.ts';
import { nodeFileSystem } from './node-file-system.ts';

/** A run folder, told by its names alone. */
export interface ListedRun {
  readonly experimentId: ExperimentId;
  readonly runId: RunId;
  readonly folder: string;
  /** `sealed`: whole. `partial`: can be resumed. `never-begun`: the harness died while it was creating the folder. */
  readonly state: 'sealed' | 'partial' | 'never-begun';
}

/** Every run below a folder for results, oldest first; empty where that folder does not exist. Throws what the disk says. */
export async function listRuns(root: string, fileSystem: FileSystem = nodeFileSystem): Promise<ListedRun[]> {
  const found: ListedRun[] = [];
  for (const experimentId of await foldersIn(fileSystem, root)) {
    if (!ExperimentId.safeParse(experimentId).success) continue;
    for (const runId of await foldersIn(fileSystem, join(root, experimentId))) {
      if (!RunId.safeParse(runId).success) continue;
      const folder = runFolder(root, experimentId, runId);
      if ((await fileSystem.kind(folder)) !== 'folder') continue;
      found.push({ experimentId, runId, folder, state: await stateOf(fileSystem, folder) });
    }
  }
  return found.sort((a, b) => (a.runId < b.runId ? -1 : 1));
}

/** The newest run that has begun, of one experiment or of all; null where there is none. */
export async function latestRun(
  root: string,
  experimentId?: string,
  fileSystem: FileSystem = nodeFileSystem,
): Promise<ListedRun | null> {
  const begun = (await listRuns(root, fileSystem)).filter((run) => run.state !== 'never-begun');
  return begun.findLast((run) => experimentId === undefined || run.experimentId === experimentId) ?? null;
}

/**
 * The folder of a run given by its id or by its path. Throws `UsageError` (`E_NO_SUCH_RUN`) with the nearest id, or the newest ones, when
 * there is no such run.
 */
export async function findRun(
  root: string,
  idOrPath: string,
  fileSystem: FileSystem = nodeFileSystem,
): Promise<string> {
  if ((await kindOrNull(fileSystem, join(idOrPath, runFiles.plan))) === 'file') return idOrPath;
  const runs = await listRuns(root, fileSystem);
  const run = runs.find(({ runId }) => runId === idOrPath);
  if (run) return run.folder;
  const ids = runs.map(({ runId }) => runId);
  const wanted = basename(idOrPath);
  throw new UsageError('E_NO_SUCH_RUN', {
    what: ids.length === 0 ? 'there are no runs yet' : 'there is no run of this id or path',
    where: root,
    given: idOrPath,
    ...(ids.length > 0 && { allowed: nearestFirst(ids, wanted).join(', ') }),
    remedy:
      ids.length === 0
        ? 'measure first: photofinish quick'
        : 'name one of the runs listed, or the path of a run folder',
  });
}

/** At most three ids: those that begin like the one wanted, else the newest. */
function nearestFirst(ids: readonly string[], wanted: string): string[] {
  const shared = (id: string) => {
    let length = 0;
    while (length < wanted.length && id[length] === wanted[length]) length += 1;
    return length;
  };
  return ids
    .toReversed()
    .sort((a, b) => shared(b) - shared(a))
    .slice(0, 3);
}

async function stateOf(fileSystem: FileSystem, folder: string): Promise<ListedRun['state']> {
  if ((await fileSystem.kind(join(folder, runFiles.seal))) !== null) return 'sealed';
  return (await fileSystem.kind(join(folder, runFiles.journal))) === null ? 'never-begun' : 'partial';
}

async function foldersIn(fileSystem: FileSystem, folder: string): Promise<string[]> {
  if ((await kindOrNull(fileSystem, `${folder}/.`)) !== 'folder') return [];
  return await fileSystem.list(folder);
}

async function kindOrNull(fileSystem: FileSystem, path: string): Promise<string | null> {
  try {
    return await fileSystem.kind(path);
  } catch (error) {
    if (['ENOTDIR', 'ENAMETOOLONG', 'ENOENT'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}
