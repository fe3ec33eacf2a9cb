import { join } from 'node:path';
import {
  Digest,
  Environment,
  formatVersion,
  Measurement,
  MeasurementError,
  ResultsError,
  StateCounts,
} from '@photofinish/schema';
import { writeNewFile } from './atomic-file.ts';
import { fileBytes } from './attempt.ts';
import { journalLimit, replayJournal } from './journal/replay.ts';
import { attemptFile, histogramsFile, runFiles } from './layout.ts';
import type { Ledger } from './ledger.ts';
import { appendEntry, type OpenRun } from './open-run.ts';
import { fileLimit, readBytes, sha256Of, Unreadable } from './untrusted/file.ts';

/** `SEAL.json`: every file of a whole run with its digest. A run without one is partial. */
export const Seal = Environment.pick({ schemaVersion: true, runId: true, photofinish: true }).extend({
  planHash: Digest,
  /** Wall clock, for people only. */
  sealedAt: Environment.shape.collectedAt,
  /** Paths within the run folder, by code point. */
  files: Measurement.shape.histograms.array(),
});
export type Seal = ReturnType<typeof Seal.parse>;

type FileDigest = Seal['files'][number];

/** Files that the journal vouches for, with the digests it has. */
export const vouchedFiles = (ledger: Ledger): FileDigest[] =>
  ledger
    .finished()
    .flatMap(({ trialId, attempt, record, histograms }) => [
      { file: attemptFile(trialId, attempt), sha256: record },
      ...(histograms === null ? [] : [{ file: histogramsFile(trialId, attempt), sha256: histograms }]),
    ]);

/** Ends the journal of a whole run, holds every file on the disk against it, and writes the seal last. */
export async function sealRun(run: OpenRun): Promise<void> {
  const { environment, plan, ledger, reserve, clock, fileSystem, folder } = run;
  demandWhole(ledger);
  if (!ledger.ended) await appendEntry(run, { event: 'run_finished', payload: finalStates(run) });
  await reserve.release();
  const seal: Seal = {
    schemaVersion: formatVersion,
    runId: environment.runId,
    photofinish: environment.photofinish,
    planHash: plan.hash,
    sealedAt: clock.wall().toISOString(),
    files: await checkedFiles(run),
  };
  await writeNewFile(fileSystem, join(folder, runFiles.seal), fileBytes(seal));
}

function demandWhole(ledger: Ledger): void {
  const missing = ledger.missing();
  if (missing.length === 0) return;
  throw new MeasurementError('E_RUN_INCOMPLETE', {
    what: `${missing.length} planned trials have no end`,
    given: missing.slice(0, 5).join(', '),
    remedy: 'go on with --resume; a partial run can be read but is never sealed',
  });
}

function finalStates({ plan, ledger }: OpenRun): StateCounts {
  const counts: StateCounts = { ok: 0, failed: 0, invalid: 0, skipped: 0, 'not-run': 0, interrupted: 0 };
  for (const block of plan.blocks) {
    for (const { trialId } of block.trials) {
      const state = ledger.finalState(trialId);
      if (state) counts[state] += 1;
    }
  }
  return StateCounts.parse(counts);
}

/** Every file as it lies on the disk. Throws `ResultsError` when one is missing or not what was written. */
async function checkedFiles(run: OpenRun): Promise<FileDigest[]> {
  const { fileSystem, folder, ledger, digests } = run;
  const found: FileDigest[] = [];
  const refused: string[] = [];
  const check = async (file: string, limit: number, isRight: (bytes: Uint8Array, sha256: Digest) => boolean) => {
    try {
      const bytes = await readBytes(fileSystem, join(folder, file), limit);
      const sha256 = sha256Of(bytes);
      if (!isRight(bytes, sha256)) throw new Unreadable('it is not what was written');
      found.push({ file, sha256 });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      refused.push(`${file}: ${error.message}`);
    }
  };
  const written = [
    { file: runFiles.plan, sha256: digests.plan },
    { file: runFiles.environment, sha256: digests.environment },
    ...vouchedFiles(ledger),
  ];
  for (const { file, sha256 } of written) await check(file, fileLimit, (_, onDisk) => onDisk === sha256);
  for (const file of await quarantined(run)) await check(file, fileLimit, () => true);
  await check(runFiles.journal, journalLimit, (bytes) => {
    const { lines, torn, damage } = replayJournal(bytes, digests.plan);
    return !torn && !damage && lines.at(-1)?.digest === run.journal.head.previous;
  });
  if (refused.length > 0) throw sealRefused(refused);
  return found.sort((a, b) => (a.file < b.file ? -1 : 1));
}

async function quarantined({ fileSystem, folder }: OpenRun): Promise<string[]> {
  const quarantine = join(folder, runFiles.quarantine);
  if ((await fileSystem.kind(quarantine)) !== 'folder') return [];
  return (await fileSystem.list(quarantine)).map((name) => `${runFiles.quarantine}/${name}`);
}

const sealRefused = (refused: readonly string[]) =>
  new ResultsError('E_SEAL_REFUSED', {
    what: 'files of this run are not what was written, so it is not sealed',
    given: refused.slice(0, 5).join('; '),
    remedy: 'go on with --resume, which moves damaged files away and repeats their attempts',
  });
