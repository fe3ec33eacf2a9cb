import { dirname, join } from 'node:path';
import { interruptedDraft } from './attempt.ts';
import type { FileSystem } from './file-system.ts';
import { codeOf } from './file-system.ts';
import { attemptFile, histogramsFile, quarantineFile, runFiles } from './layout.ts';
import type { AttemptName } from './ledger.ts';
import { findLeftovers } from './leftovers.ts';
import { appendEntry, type OpenRun } from './open-run.ts';
import type { RunWriter } from './run-writer.ts';
import { vouchedFiles } from './seal.ts';
import { type AttemptSource, readAttempts } from './stored-attempts.ts';

/** Something a crash or damage left behind that resuming a run mends, with what was done in words. */
export type Repair =
  | { readonly kind: 'torn-line' | 'partial-file' | 'unvouched-file'; readonly path: string; readonly reason: string }
  | {
      readonly kind: 'damaged-attempt' | 'interrupted-attempt';
      readonly path: string;
      readonly reason: string;
      readonly attempt: AttemptName;
    };

/** Everything beside the journal's own tail that needs mending. Changes nothing. */
export async function findRepairs(source: AttemptSource): Promise<Repair[]> {
  const { ledger, fileSystem, folder } = source;
  const vouched = new Set(vouchedFiles(ledger).map(({ file }) => file));
  const leftovers = (await findLeftovers(fileSystem, folder, vouched)).flatMap(({ path, kind }): Repair[] => {
    if (kind === 'foreign') return [];
    return kind === 'partial'
      ? [{ kind: 'partial-file', path, reason: 'its writing was cut short by a crash; it is removed' }]
      : [{ kind: 'unvouched-file', path, reason: 'no journal line names it; it is moved to quarantine' }];
  });
  const damaged = (await readAttempts(source)).flatMap(({ attempt, content }): Repair[] => {
    if (content.is === 'sound') return [];
    const { trialId, attempt: number } = attempt;
    const reason = `${content.reason}; its attempt is moved to quarantine and repeated`;
    return [{ kind: 'damaged-attempt', path: content.path, reason, attempt: { trialId, attempt: number } }];
  });
  const interrupted = ledger.open().map(({ trialId, attempt }): Repair => {
    const reason = 'it was begun and never ended; it is written down as interrupted and repeated';
    return { kind: 'interrupted-attempt', path: attemptFile(trialId, attempt), reason, attempt: { trialId, attempt } };
  });
  return [...leftovers, ...damaged, ...interrupted];
}

/** Mends one thing. May be cut short at any point: what is left is found again the next time. The torn line is the opener's business. */
export async function performRepair(repair: Repair, run: OpenRun, writer: RunWriter): Promise<void> {
  const { fileSystem, folder, plan, environment, clock } = run;
  switch (repair.kind) {
    case 'torn-line':
      return;
    case 'partial-file':
      await fileSystem.remove(join(folder, repair.path));
      return await fileSystem.syncFolder(dirname(join(folder, repair.path)));
    case 'unvouched-file':
      await quarantine(run, repair.path);
      return;
    case 'damaged-attempt': {
      const { trialId, attempt } = repair.attempt;
      const moved: string[] = [];
      for (const file of [attemptFile(trialId, attempt), histogramsFile(trialId, attempt)]) {
        const name = await quarantine(run, file);
        if (name !== null) moved.push(name);
      }
      const payload = { trialId, attempt, reason: repair.reason.slice(0, 1000), moved };
      return await appendEntry(run, { event: 'attempt_quarantined', payload });
    }
    case 'interrupted-attempt': {
      const { trialId, attempt } = repair.attempt;
      await writer.attemptFinished(interruptedDraft(plan, environment.runId, trialId, attempt, clock.wall()), null);
    }
  }
}

/** Moves a file out of the way and returns its new path; null where there is none. */
async function quarantine(run: OpenRun, file: string): Promise<string | null> {
  const { fileSystem, folder, journal } = run;
  if ((await fileSystem.kind(join(folder, file))) === null) return null;
  await makeQuarantine(fileSystem, folder);
  const moved = quarantineFile(journal.head.sequence, file);
  await fileSystem.rename(join(folder, file), join(folder, moved));
  await fileSystem.syncFolder(join(folder, runFiles.quarantine));
  await fileSystem.syncFolder(dirname(join(folder, file)));
  return moved;
}

async function makeQuarantine(fileSystem: FileSystem, folder: string): Promise<void> {
  try {
    await fileSystem.makeFolder(join(folder, runFiles.quarantine));
    await fileSystem.syncFolder(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}
