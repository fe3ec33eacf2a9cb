import { join } from 'node:path';
import {
  type BlockId,
  type Digest,
  type Environment,
  EnvironmentError,
  formatVersion,
  PhotofinishError,
  type Plan,
  ResultsError,
  systemClock,
  type TrialRecord,
  UsageError,
} from '@photofinish/schema';
import { bootDigest, readBootId } from './boot.ts';
import { openingError } from './disk-error.ts';
import type { Claim } from './file-system.ts';
import { type JournalHead, JournalWriter } from './journal/writer.ts';
import { runFiles } from './layout.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { appendEntry, claimRun, type OpenRun, type StoreOptions } from './open-run.ts';
import { findRepairs, performRepair, type Repair } from './repair.ts';
import { RunWriter } from './run-writer.ts';
import { demandSpace, Reserve, reserveBytes, spaceFloor } from './space.ts';
import { readAttempts, soundRecords } from './stored-attempts.ts';
import { readStoredFiles, type StoredFiles } from './stored-files.ts';

/** How a run is resumed. */
export interface ResumeOptions extends StoreOptions {
  /** Key of the host that wants to go on, for the plan it would go on with: a run is not continued on another one. Without it the caller has made sure. */
  readonly hostKeyFor?: (plan: Plan) => string;
}

/** A run that goes on. */
export interface ResumedRun {
  readonly writer: RunWriter;
  readonly plan: Plan;
  readonly environment: Environment;
  /** Every attempt that counts so far, in the order of the run; what was interrupted is among them. */
  readonly records: readonly TrialRecord[];
  /** Attempts in blocks that are repeated: kept and counted, never compared. */
  readonly superseded: readonly TrialRecord[];
  /** Blocks whose every trial is to be measured again, because they were begun on another boot of the machine. */
  readonly repeatedBlocks: readonly BlockId[];
  readonly repairs: readonly Repair[];
}

/**
 * Opens a partial run to go on with it, after mending what a crash left behind (`Repair`).
 *
 * Throws `UsageError` `E_RUN_SEALED` (nothing to resume), `LeaseError` `E_RUN_IN_USE` (its process still lives), `EnvironmentError` `E_OTHER_HOST` and what `createRun` throws about the place,
 * `ResultsError` `E_RESULTS_DAMAGED` and `E_JOURNAL_DAMAGED` (with the line).
 */
export async function resumeRun(folder: string, options: ResumeOptions = {}): Promise<ResumedRun> {
  const { fileSystem = nodeFileSystem } = options;
  try {
    if ((await fileSystem.kind(join(folder, runFiles.seal))) !== null) throw sealed(folder);
    const claim = await claimRun(fileSystem, folder);
    try {
      const files = await readStoredFiles(fileSystem, folder);
      const head = soundHead(folder, files);
      demandSameHost(files.environment.value, options.hostKeyFor?.(files.plan.value));
      return await goOn(folder, files, head, claim, options);
    } catch (error) {
      await claim.release();
      throw error;
    }
  } catch (error) {
    throw error instanceof PhotofinishError ? error : openingError(folder, error);
  }
}

async function goOn(
  folder: string,
  files: StoredFiles,
  head: JournalHead,
  claim: Claim,
  options: ResumeOptions,
): Promise<ResumedRun> {
  const { fileSystem = nodeFileSystem, clock = systemClock } = options;
  const { ledger } = files;
  const plan = files.plan.value;
  const environment = files.environment.value;
  const boot = bootDigest(environment.runId, options.bootId ?? (await readBootId()));
  const source = { fileSystem, folder, plan, runId: environment.runId, ledger, whenDiskFails: 'throw' } as const;
  await demandSpace(fileSystem, folder, ledger.missing().length, options.spaceFloor ?? spaceFloor);
  const repairs = [...tornLine(files), ...(await findRepairs(source))];
  const reserve = await Reserve.take(fileSystem, folder, reserveBytes);
  const journal = await openJournal(folder, head, files, { fileSystem, clock, boot });
  const digests = { plan: files.plan.sha256, environment: files.environment.sha256 };
  const run: OpenRun = { fileSystem, clock, folder, plan, environment, digests, journal, ledger, reserve, claim };
  const writer = new RunWriter(run);
  try {
    const repeatedBlocks = await mend(run, writer, repairs, boot);
    const attempts = await readAttempts(source);
    return { writer, plan, environment, ...soundRecords(attempts), repeatedBlocks, repairs };
  } catch (error) {
    await writer.close().catch(() => undefined);
    throw error;
  }
}

/** The journal says that the run goes on before anything is mended, and which blocks begin again after everything is. */
async function mend(run: OpenRun, writer: RunWriter, repairs: readonly Repair[], boot: Digest): Promise<BlockId[]> {
  const words = repairs.slice(0, 100).map(({ path, reason }) => `${path}: ${reason}`.slice(0, 400));
  await appendEntry(run, { event: 'run_resumed', payload: { schemaVersion: formatVersion, repairs: words } });
  for (const repair of repairs) await performRepair(repair, run, writer);
  const repeated = run.ledger.blocksOfAnotherBoot(boot);
  for (const blockId of repeated) await appendEntry(run, { event: 'block_repeated', payload: { blockId } });
  return repeated;
}

async function openJournal(
  folder: string,
  head: JournalHead,
  files: StoredFiles,
  { fileSystem, clock, boot }: Pick<OpenRun, 'fileSystem' | 'clock'> & { boot: Digest },
): Promise<JournalWriter> {
  const file = await fileSystem.openToAppend(join(folder, runFiles.journal));
  try {
    if (tornLine(files).length > 0) {
      await file.truncate(head.bytes);
      await file.sync();
    }
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
  return new JournalWriter(file, head, { clock, boot });
}

function tornLine({ replay }: StoredFiles): Repair[] {
  if ('unreadable' in replay || !replay.torn) return [];
  const { line, bytes } = replay.torn;
  const reason = `line ${line} was cut short by a crash; its ${bytes} bytes are cut off`;
  return [{ kind: 'torn-line', path: runFiles.journal, reason }];
}

/** Where the journal goes on. Throws `ResultsError` where it cannot. */
function soundHead(folder: string, { replay }: StoredFiles): JournalHead {
  if ('unreadable' in replay) throw journalDamaged(folder, 'the whole file', replay.unreadable);
  if (replay.damage) throw journalDamaged(folder, `line ${replay.damage.line}`, replay.damage.reason);
  const last = replay.lines.at(-1);
  if (!last) throw journalDamaged(folder, 'line 1', 'it is missing or cut short');
  return { sequence: replay.lines.length, previous: last.digest, bytes: replay.soundBytes };
}

const journalDamaged = (folder: string, place: string, reason: string) =>
  new ResultsError('E_JOURNAL_DAMAGED', {
    what: 'the journal of this run is damaged, so nothing can be added to it',
    where: `${join(folder, runFiles.journal)}, ${place}`,
    given: reason,
    remedy: 'restore the journal from a copy, or begin a new run; the records before the damage can still be read',
  });

const sealed = (folder: string) =>
  new UsageError('E_RUN_SEALED', {
    what: 'this run is whole and sealed: there is nothing to resume',
    where: folder,
    remedy: 'begin a new run, or make a report of this one',
  });

function demandSameHost(environment: Environment, hostKey: string | undefined): void {
  if (hostKey === undefined || hostKey === environment.hostKey) return;
  throw new EnvironmentError('E_OTHER_HOST', {
    what: 'this run was begun on another host, or this host has changed since',
    given: hostKey,
    allowed: environment.hostKey,
    remedy: 'resume it where it was begun, or begin a new run here',
  });
}
