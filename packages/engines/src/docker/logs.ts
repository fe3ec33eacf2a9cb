import type { Container } from 'dockerode';
import { LastWords } from '../local/last-words.ts';
import { timely } from './calls.ts';

const lines = 2000;

/**
 * The payload of a log in the engine's multiplexed form: each frame has a head of 8 bytes, the stream's number first and the length of what
 * follows as a big-endian number last (`ContainerAttach` of the Docker Engine API). A torn last frame is kept as far as it goes.
 */
export function unframed(log: Buffer): string {
  const payloads: Buffer[] = [];
  for (let at = 0; at + 8 <= log.length; ) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    payloads.push(log.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(payloads).toString('utf8');
}

async function read(container: Container, which: { stdout: boolean; stderr: boolean }, tail?: number): Promise<string> {
  const log: unknown = await timely((abortSignal) =>
    container.logs({ ...which, follow: false, ...(tail === undefined ? {} : { tail }), abortSignal }),
  );
  return Buffer.isBuffer(log) ? unframed(log) : '';
}

/** The tail of what a container printed, at most 64 KiB. Throws what the engine answers. */
export async function readLastWords(container: Container): Promise<string> {
  const words = new LastWords();
  words.add(await read(container, { stdout: true, stderr: true }, lines));
  return words.toString();
}

/** The first line a container printed on standard output; null until it is complete. Throws what the engine answers. */
export async function readFirstLine(container: Container): Promise<string | null> {
  const text = await read(container, { stdout: true, stderr: false });
  const end = text.indexOf('\n');
  return end === -1 ? null : text.slice(0, end).trimEnd();
}
