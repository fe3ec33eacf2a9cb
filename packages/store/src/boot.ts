import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Digest, RunId } from '@photofinish/schema';

/** Where Linux keeps a random id that changes at every boot (random(4)). */
const bootIdFile = '/proc/sys/kernel/random/boot_id';

/** The id of this boot of this machine. Where the system has none, one of this process alone: a resumed run then repeats its open blocks. */
export async function readBootId(): Promise<string> {
  try {
    return (await readFile(bootIdFile, 'utf8')).trim();
  } catch {
    return randomUUID();
  }
}

/** What a journal keeps of a boot id: tells boots of one run apart, and does not let runs of one machine be joined. */
export const bootDigest = (runId: RunId, bootId: string): Digest =>
  createHash('sha256').update(`${runId} ${bootId}`).digest('hex');
