import { join } from 'node:path';
import { digestOf, Environment, Plan, ResultsError } from '@photofinish/schema';
import type { FileSystem } from './file-system.ts';
import { journalLimit, type Replay, replayJournal } from './journal/replay.ts';
import { runFiles } from './layout.ts';
import { Ledger } from './ledger.ts';
import { type FileSchema, type ReadFile, readBytes, readJsonFile, unreadableReason } from './untrusted/file.ts';

/** The files every run has, read and held against each other. */
export interface StoredFiles {
  readonly plan: ReadFile<Plan>;
  readonly environment: ReadFile<Environment>;
  /** Null, with the reason, where the journal cannot be read at all. */
  readonly replay: Replay | { readonly unreadable: string };
  /** What the sound lines of the journal say. */
  readonly ledger: Ledger;
}

/**
 * Reads plan, environment and journal of a run folder. Throws `ResultsError` (`E_RESULTS_DAMAGED`) naming the file where plan or environment is
 * missing, damaged, of another format version, or not the one the journal began with; a damaged journal is told in `replay`.
 */
export async function readStoredFiles(fileSystem: FileSystem, folder: string): Promise<StoredFiles> {
  const plan = await readOrThrow(fileSystem, folder, runFiles.plan, Plan);
  const { hash, ...rest } = plan.value;
  if (digestOf(rest) !== hash)
    throw damaged(folder, runFiles.plan, 'its hash is not the digest of everything else in it');
  const environment = await readOrThrow(fileSystem, folder, runFiles.environment, Environment);
  const ledger = new Ledger(plan.value);
  let bytes: Uint8Array;
  try {
    bytes = await readBytes(fileSystem, join(folder, runFiles.journal), journalLimit);
  } catch (error) {
    return { plan, environment, ledger, replay: { unreadable: unreadableReason(error) } };
  }
  const replay = replayJournal(bytes, plan.sha256, (line) => {
    const complaint = ledger.complaint(line);
    if (complaint === null) ledger.admit(line, line.boot);
    return complaint;
  });
  const [first] = replay.lines;
  if (first?.event === 'run_started' && first.payload.environment !== environment.sha256) {
    throw damaged(folder, runFiles.environment, 'it is not the one the journal began with');
  }
  return { plan, environment, ledger, replay };
}

async function readOrThrow<T>(fileSystem: FileSystem, folder: string, file: string, schema: FileSchema<T>) {
  try {
    return await readJsonFile(fileSystem, join(folder, file), schema);
  } catch (error) {
    throw damaged(folder, file, unreadableReason(error));
  }
}

const damaged = (folder: string, file: string, reason: string) =>
  new ResultsError('E_RESULTS_DAMAGED', {
    what: `${file} cannot be used: ${reason}`,
    where: join(folder, file),
    remedy: 'restore the file from a copy; without it nothing in this run can be read',
  });
