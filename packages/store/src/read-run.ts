import { join } from 'node:path';
import { type Environment, type Plan, ResultsError, type TrialRecord } from '@photofinish/schema';
import { codeOf, type FileSystem } from './file-system.ts';
import { journalLimit } from './journal/replay.ts';
import { isSealablePath, partialName, runFiles } from './layout.ts';
import type { AttemptName } from './ledger.ts';
import { findLeftovers, type Leftover } from './leftovers.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { Seal, vouchedFiles } from './seal.ts';
import { type Problem, readAttempts, soundRecords } from './stored-attempts.ts';
import { readStoredFiles, type StoredFiles } from './stored-files.ts';
import { readBytes, readJsonFile, sha256Of, unreadableReason } from './untrusted/file.ts';

/** A run as it lies on the disk, whoever wrote it. */
export interface StoredRun {
  readonly folder: string;
  readonly plan: Plan;
  readonly environment: Environment;
  /** Every attempt that counts, in the order of the run. */
  readonly records: readonly TrialRecord[];
  /** Attempts in blocks that were repeated after the machine was started anew: kept and counted, never compared. */
  readonly superseded: readonly TrialRecord[];
  /** Attempts begun whose end is not written: the run goes on at this moment, or died. */
  readonly unfinished: readonly AttemptName[];
  /** Attempts whose files were moved away when the run was resumed, with the reason. */
  readonly quarantined: readonly (AttemptName & { readonly reason: string })[];
  /** What cannot be believed, and is left out of everything above. */
  readonly problems: readonly Problem[];
  /** Whether the run is whole and every file is what it was at its end. */
  readonly sealed: boolean;
}

/**
 * Reads a run, trusting nothing: sizes capped, strict JSON, strict schemas, every record held against journal, plan and histograms. What is
 * damaged is left out and told in `problems`. Throws `ResultsError` (`E_RESULTS_DAMAGED`) where plan, environment or folder cannot be used.
 */
export async function readRun(folder: string, fileSystem: FileSystem = nodeFileSystem): Promise<StoredRun> {
  try {
    return await readFolder(folder, fileSystem);
  } catch (error) {
    if (codeOf(error) === null) throw error;
    throw new ResultsError('E_RESULTS_DAMAGED', {
      what: `the run cannot be read: ${unreadableReason(error)}`,
      where: folder,
      remedy: 'look for the disk in the kernel log (dmesg), or read a copy',
      cause: error,
    });
  }
}

async function readFolder(folder: string, fileSystem: FileSystem): Promise<StoredRun> {
  const files = await readStoredFiles(fileSystem, folder);
  const { plan, environment, ledger } = files;
  const source = {
    fileSystem,
    folder,
    plan: plan.value,
    runId: environment.value.runId,
    ledger,
    whenDiskFails: 'tell',
  } as const;
  const attempts = await readAttempts(source);
  const vouched = new Set(vouchedFiles(ledger).map(({ file }) => file));
  const seal = await checkSeal(fileSystem, folder, files);
  return {
    folder,
    plan: plan.value,
    environment: environment.value,
    ...soundRecords(attempts),
    unfinished: ledger.open().map(({ trialId, attempt }) => ({ trialId, attempt })),
    quarantined: ledger.quarantined().map(({ trialId, attempt, reason }) => ({ trialId, attempt, reason })),
    problems: [
      ...problemsOfJournal(files),
      ...attempts.flatMap(({ content }) =>
        content.is === 'damaged' ? [{ path: content.path, reason: content.reason }] : [],
      ),
      ...(await findLeftovers(fileSystem, folder, vouched))
        .filter((found) => !isTwinOf(found, seal))
        .map(problemOfLeftover),
      ...(seal ?? []),
    ],
    sealed: seal?.length === 0,
  };
}

function problemsOfJournal({ replay }: StoredFiles): Problem[] {
  const problem = (reason: string) => [{ path: runFiles.journal, reason }];
  if ('unreadable' in replay) return problem(`${replay.unreadable}; no record counts without it`);
  if (replay.damage)
    return problem(`line ${replay.damage.line}: ${replay.damage.reason}; nothing from there on counts`);
  if (replay.torn) return problem(`line ${replay.torn.line} was cut short; --resume cuts it off`);
  return [];
}

const leftoverReasons: Record<Leftover['kind'], string> = {
  partial: 'its writing was cut short; --resume removes it',
  whole: 'no sound journal line names it; --resume moves it to quarantine',
  foreign: 'it is nothing that belongs there',
};

const problemOfLeftover = ({ path, kind }: Leftover): Problem => ({ path, reason: leftoverReasons[kind] });

/** A disk that failed between giving the seal its name and taking the first name away leaves both: one file, and nothing is wrong with it. */
const isTwinOf = ({ path }: Leftover, seal: readonly Problem[] | null): boolean =>
  seal !== null && path === partialName(runFiles.seal);

/** What is wrong with the seal; null where there is none. */
async function checkSeal(fileSystem: FileSystem, folder: string, files: StoredFiles): Promise<Problem[] | null> {
  if ((await fileSystem.kind(join(folder, runFiles.seal))) === null) return null;
  const problem = (path: string, reason: string): Problem => ({ path, reason });
  let seal: Seal;
  try {
    seal = (await readJsonFile(fileSystem, join(folder, runFiles.seal), Seal)).value;
  } catch (error) {
    return [problem(runFiles.seal, unreadableReason(error))];
  }
  const found: Problem[] = [];
  if (seal.runId !== files.environment.value.runId || seal.planHash !== files.plan.value.hash) {
    found.push(problem(runFiles.seal, 'it is the seal of another run'));
  }
  const needed = [
    runFiles.plan,
    runFiles.environment,
    runFiles.journal,
    ...vouchedFiles(files.ledger).map(({ file }) => file),
  ];
  const named = new Set(seal.files.map(({ file }) => file));
  for (const path of needed) if (!named.has(path)) found.push(problem(path, 'the seal does not name it'));
  for (const { file, sha256 } of seal.files) {
    const reason = isSealablePath(file)
      ? await differenceFromSeal(fileSystem, folder, file, sha256)
      : 'not a path of a run folder';
    if (reason !== null) found.push(problem(isSealablePath(file) ? file : runFiles.seal, reason));
  }
  return found;
}

async function differenceFromSeal(
  fileSystem: FileSystem,
  folder: string,
  file: string,
  sha256: string,
): Promise<string | null> {
  try {
    const bytes = await readBytes(fileSystem, join(folder, file), journalLimit);
    return sha256Of(bytes) === sha256 ? null : 'it is not what was sealed';
  } catch (error) {
    return `it is sealed, but ${unreadableReason(error)}`;
  }
}
