import { type Clock, type Digest, type Environment, LeaseError, type Plan } from '@photofinish/schema';
import { type Claim, codeOf, type FileSystem } from './file-system.ts';
import type { JournalEntry } from './journal/entry.ts';
import type { JournalWriter } from './journal/writer.ts';
import type { Ledger } from './ledger.ts';
import type { Reserve } from './space.ts';

/** What the store takes from its surroundings; each has the real thing as default. */
export interface StoreOptions {
  readonly clock?: Clock;
  readonly fileSystem?: FileSystem;
  /** Names this boot of this machine; read from the kernel by default. */
  readonly bootId?: string;
  /** Bytes of the disk left alone, beside twice the estimate of the plan. */
  readonly spaceFloor?: number;
}

/** What a writer works with: the open files of one run folder and what they hold so far. */
export interface OpenRun {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly folder: string;
  readonly plan: Plan;
  readonly environment: Environment;
  /** Digests of the two files written first. */
  readonly digests: { readonly plan: Digest; readonly environment: Digest };
  readonly journal: JournalWriter;
  readonly ledger: Ledger;
  readonly reserve: Reserve;
  readonly claim: Claim;
}

/** Throws `TypeError` where an entry may not come next: a bug of the caller. */
export function demandAllowed({ ledger }: OpenRun, entry: JournalEntry): void {
  const complaint = ledger.complaint(entry);
  if (complaint !== null) throw new TypeError(complaint);
}

/** Writes an entry to the journal, waits for the disk, and takes it into the ledger. */
export async function appendEntry(run: OpenRun, entry: JournalEntry): Promise<void> {
  demandAllowed(run, entry);
  const line = await run.journal.append(entry);
  run.ledger.admit(line, line.boot);
}

/** Makes sure that no other process works on a run. Throws `LeaseError` (`E_RUN_IN_USE`) when one does. */
export async function claimRun(fileSystem: FileSystem, folder: string): Promise<Claim> {
  try {
    return await fileSystem.claim(folder);
  } catch (error) {
    if (codeOf(error) !== 'EBUSY') throw error;
    throw new LeaseError('E_RUN_IN_USE', {
      what: 'another process works on this run',
      where: folder,
      remedy: 'wait until it has ended, or end it, then go on with --resume',
    });
  }
}
