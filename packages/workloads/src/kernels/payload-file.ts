import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError } from '@photofinish/schema';
import { payloadFacts, payloadText } from './payload.ts';

/** Whether the bytes are those of `payload.json` as the contract describes it. */
export function isPayload(content: Uint8Array): boolean {
  return (
    content.byteLength === payloadFacts.bytes &&
    createHash('sha256').update(content).digest('hex') === payloadFacts.sha256
  );
}

/**
 * Puts `payload.json` into a data folder, which is made when it is missing, and returns the file's path. A valid file that is already there
 * is kept; any other is replaced by rename, so that a server never reads half a file. Throws `EnvironmentError` `E_DATA_FOLDER` when the
 * folder cannot be written.
 */
export async function writePayload(folder: string): Promise<string> {
  const path = join(folder, 'payload.json');
  const existing = await readFile(path).catch(() => null);
  if (existing !== null && isPayload(existing)) return path;
  const content = Buffer.from(payloadText(), 'latin1');
  if (!isPayload(content)) throw new Error('the generated payload.json differs from the contract');
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(folder, { recursive: true });
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new EnvironmentError('E_DATA_FOLDER', {
      what: 'payload.json could not be written',
      where: path,
      given: cause instanceof Error ? cause.message : String(cause),
      remedy: 'make the folder writable and keep 3 MB free there, or choose another data folder',
      cause,
    });
  }
  return path;
}
