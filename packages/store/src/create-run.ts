import { join } from 'node:path';
import {
  digestOf,
  Environment,
  EnvironmentError,
  formatVersion,
  Plan,
  systemClock,
  UsageError,
} from '@photofinish/schema';
import { writeNewFile } from './atomic-file.ts';
import { fileBytes } from './attempt.ts';
import { bootDigest, readBootId } from './boot.ts';
import { openingError } from './disk-error.ts';
import { codeOf, type FileSystem } from './file-system.ts';
import type { JournalEntry } from './journal/entry.ts';
import { JournalWriter, nextLine } from './journal/writer.ts';
import { experimentFolder, runFiles, runFolder } from './layout.ts';
import { Ledger } from './ledger.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { claimRun, type OpenRun, type StoreOptions } from './open-run.ts';
import { RunWriter } from './run-writer.ts';
import { demandSpace, Reserve, reserveBytes, spaceFloor } from './space.ts';
import { sha256Of } from './untrusted/file.ts';

/**
 * Creates the folder `<root>/<experiment>/<run-id>` with plan, environment and journal, and opens everything a run writes to, so that a place
 * that cannot hold it shows before the first measurement. The run id is that of the environment. Nothing that exists is replaced.
 *
 * Throws `EnvironmentError` `E_RESULTS_NOT_WRITABLE` (root missing, read-only, not a folder) and `E_DISK_LOW`, `EnvironmentLostError`
 * `E_DISK_FULL`, `UsageError` `E_RUN_EXISTS`, and `TypeError` or `ZodError` for a plan or environment that no reader would take.
 */
export async function createRun(
  root: string,
  plan: Plan,
  environment: Environment,
  options: StoreOptions = {},
): Promise<RunWriter> {
  const { fileSystem = nodeFileSystem, clock = systemClock } = options;
  checkInput(plan, environment);
  const boot = bootDigest(environment.runId, options.bootId ?? (await readBootId()));
  const folder = runFolder(root, plan.experiment.id, environment.runId);
  const made: string[] = [];
  try {
    await demandFolder(fileSystem, root);
    const trials = plan.blocks.reduce((sum, block) => sum + block.trials.length, 0);
    await demandSpace(fileSystem, root, trials, options.spaceFloor ?? spaceFloor);
    await makeFolders(fileSystem, root, plan.experiment.id, folder, made);
    const claim = await claimRun(fileSystem, folder);
    try {
      return new RunWriter(await writeFirstFiles({ fileSystem, clock, folder, plan, environment, boot, claim }, made));
    } catch (error) {
      await claim.release();
      throw error;
    }
  } catch (error) {
    await discard(fileSystem, made);
    throw openingError(root, error);
  }
}

/** A reader holds the plan against its hash and both files against their schemas, so nothing else may be written. */
function checkInput(plan: Plan, environment: Environment): void {
  const { hash, ...rest } = Plan.parse(plan);
  if (digestOf(rest) !== hash) throw new TypeError('the hash of the plan is not the digest of everything else in it');
  Environment.parse(environment);
  for (const { schemaVersion } of [plan, environment]) {
    if (schemaVersion !== formatVersion)
      throw new TypeError(`files are written in format version ${formatVersion} only`);
  }
}

async function demandFolder(fileSystem: FileSystem, root: string): Promise<void> {
  // The dot looks through a link: results may well lie on another disk.
  const kind = await fileSystem.kind(`${root}/.`);
  if (kind === 'folder') return;
  throw new EnvironmentError('E_RESULTS_NOT_WRITABLE', {
    what: kind === null ? 'the folder for results does not exist' : 'the place for results is not a folder',
    where: root,
    allowed: 'an existing folder',
    remedy: 'create it, or name another with --out DIR',
  });
}

async function makeFolders(
  fileSystem: FileSystem,
  root: string,
  experimentId: string,
  folder: string,
  made: string[],
): Promise<void> {
  const experiment = experimentFolder(root, experimentId);
  if ((await fileSystem.kind(experiment)) !== 'folder') {
    await makeSharedFolder(fileSystem, experiment, made);
    await fileSystem.syncFolder(root);
  }
  try {
    await fileSystem.makeFolder(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw new UsageError('E_RUN_EXISTS', {
      what: 'a run with this id exists, and results are never overwritten',
      where: folder,
      remedy: 'begin again: a new run gets a new id',
    });
  }
  for (const path of [folder, join(folder, runFiles.trials), join(folder, runFiles.raw)]) {
    if (path !== folder) await fileSystem.makeFolder(path);
    made.push(path);
  }
  await fileSystem.syncFolder(experiment);
}

/** Another run of the same experiment may be making the same folder. */
async function makeSharedFolder(fileSystem: FileSystem, path: string, made: string[]): Promise<void> {
  try {
    await fileSystem.makeFolder(path);
    made.push(path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

interface FirstFiles extends Pick<OpenRun, 'fileSystem' | 'clock' | 'folder' | 'plan' | 'environment' | 'claim'> {
  readonly boot: string;
}

/** The journal comes last: a folder with a journal is a run that has begun, and has all the rest. */
async function writeFirstFiles(first: FirstFiles, made: string[]): Promise<OpenRun> {
  const { fileSystem, clock, folder, plan, environment, boot } = first;
  const write = async (name: string, bytes: Uint8Array) => {
    made.push(join(folder, name));
    await writeNewFile(fileSystem, join(folder, name), bytes);
    return sha256Of(bytes);
  };
  const digests = {
    plan: await write(runFiles.plan, fileBytes(plan)),
    environment: await write(runFiles.environment, fileBytes(environment)),
  };
  made.push(join(folder, runFiles.reserve));
  const reserve = await Reserve.take(fileSystem, folder, reserveBytes);
  const entry: JournalEntry = {
    event: 'run_started',
    payload: {
      schemaVersion: formatVersion,
      runId: environment.runId,
      planHash: plan.hash,
      hostKey: environment.hostKey,
      ...digests,
    },
  };
  const stamping = { clock, boot };
  const { line, bytes, head } = nextLine({ sequence: 0, previous: digests.plan, bytes: 0 }, entry, stamping);
  const ledger = new Ledger(plan);
  ledger.admit(line, boot);
  await write(runFiles.journal, bytes);
  const file = await fileSystem.openToAppend(join(folder, runFiles.journal));
  return { ...first, digests, ledger, reserve, journal: new JournalWriter(file, head, stamping) };
}

/**
 * Takes back what a failed creation left, last made first. Where a removal fails the rest stays: whatever has a journal then has its plan too,
 * and what has none counts as never begun.
 */
async function discard(fileSystem: FileSystem, made: readonly string[]): Promise<void> {
  for (const path of made.toReversed()) {
    const isFile = ['.json', '.ndjson', '.reserve'].some((end) => path.endsWith(end));
    try {
      await (isFile ? fileSystem.remove(path) : fileSystem.removeFolder(path));
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') return;
    }
  }
}
