import { join } from 'node:path';
import { type Digest, type Plan, type RunId, TrialHistograms, TrialRecord } from '@photofinish/schema';
import type { FileSystem } from './file-system.ts';
import { attemptFile, histogramsFile } from './layout.ts';
import type { FinishedAttempt, Ledger } from './ledger.ts';
import { contradictions } from './record-checks.ts';
import { type FileSchema, readJsonFile, Unreadable, unreadableReason } from './untrusted/file.ts';

/** A file of a run and what is wrong with it. */
export interface Problem {
  /** Relative to the run folder. */
  readonly path: string;
  readonly reason: string;
}

/** A finished attempt as it lies on the disk. */
export interface StoredAttempt {
  readonly attempt: FinishedAttempt;
  readonly content: { readonly is: 'sound'; readonly record: TrialRecord } | ({ readonly is: 'damaged' } & Problem);
}

/** Where the attempts of a run are read from. */
export interface AttemptSource {
  readonly fileSystem: FileSystem;
  readonly folder: string;
  readonly plan: Plan;
  readonly runId: RunId;
  readonly ledger: Ledger;
  /** A reader tells of a disk that fails and goes on; whoever would change files because of it must stop. */
  readonly whenDiskFails: 'tell' | 'throw';
}

/** Reads every attempt the journal says is finished, in the order of the run; each is sound or has the reason why it is not. */
export async function readAttempts(source: AttemptSource): Promise<StoredAttempt[]> {
  const read: StoredAttempt[] = [];
  for (const attempt of source.ledger.finished()) read.push({ attempt, content: await readAttempt(source, attempt) });
  return read.sort((a, b) => a.attempt.sequence - b.attempt.sequence);
}

/** The records of sound attempts: those that count, and those of blocks that were repeated. */
export function soundRecords(attempts: readonly StoredAttempt[]): {
  records: TrialRecord[];
  superseded: TrialRecord[];
} {
  const sound = (superseded: boolean) =>
    attempts.flatMap(({ attempt, content }) =>
      content.is === 'sound' && attempt.superseded === superseded ? [content.record] : [],
    );
  return { records: sound(false), superseded: sound(true) };
}

async function readAttempt(source: AttemptSource, attempt: FinishedAttempt): Promise<StoredAttempt['content']> {
  const path = attemptFile(attempt.trialId, attempt.attempt);
  const record = await read(source, path, TrialRecord, attempt.record);
  if (typeof record === 'string') return { is: 'damaged', path, reason: record };
  const rawPath = histogramsFile(attempt.trialId, attempt.attempt);
  const histograms = attempt.histograms && (await read(source, rawPath, TrialHistograms, attempt.histograms));
  if (typeof histograms === 'string') return { is: 'damaged', path: rawPath, reason: histograms };
  const reasons = [
    ...differencesFromJournal(record, attempt),
    ...contradictions({ plan: source.plan, runId: source.runId, record, histograms }),
  ];
  if (reasons.length > 0) return { is: 'damaged', path, reason: reasons.join('; ') };
  return { is: 'sound', record };
}

/** The contents of a file, or in words why it cannot be used. */
async function read<T extends object>(
  { fileSystem, folder, whenDiskFails }: AttemptSource,
  path: string,
  schema: FileSchema<T>,
  sha256: Digest,
): Promise<T | string> {
  try {
    return (await readJsonFile(fileSystem, join(folder, path), schema, sha256)).value;
  } catch (error) {
    if (whenDiskFails === 'tell' || error instanceof Unreadable) return unreadableReason(error);
    throw error;
  }
}

function differencesFromJournal(record: TrialRecord, attempt: FinishedAttempt): string[] {
  const measurement = 'measurement' in record ? record.measurement : null;
  const pairs = [
    ['trial', record.trialId, attempt.trialId],
    ['attempt', record.attempt, attempt.attempt],
    ['state', record.state, attempt.state],
    ['sequence', record.sequence, attempt.sequence],
    ['digest of its histograms', measurement?.histograms.sha256 ?? null, attempt.histograms],
  ] as const;
  return pairs
    .filter(([, given, written]) => given !== written)
    .map(([what, given, written]) => `its ${what} is ${given}, the journal has ${written}`);
}
