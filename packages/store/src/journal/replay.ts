import type { Digest } from '@photofinish/schema';
import { textOf } from '../untrusted/file.ts';
import { decodeLine, type JournalLine, lineLimit } from './line.ts';

/** Most bytes of a journal: 64 MiB, some hundred thousand lines. */
export const journalLimit = 64 * 2 ** 20;

/** What a journal's bytes say. */
export interface Replay {
  /** Every line up to the first that is torn or damaged. */
  readonly lines: readonly JournalLine[];
  /** Length of those lines in bytes. */
  readonly soundBytes: number;
  /** A last line that a crash cut short, which may be cut off. */
  readonly torn: { readonly line: number; readonly bytes: number } | null;
  /** A line that no crash of ours leaves behind: from here on nothing can be believed. */
  readonly damage: { readonly line: number; readonly reason: string } | null;
}

const lineFeed = 0x0a;

/**
 * Reads a journal line by line and follows its chain of digests, from the digest of the plan file on. Every line was on the disk before the
 * next was begun, so only the last can be torn: it has no line feed, or holds zero bytes where the disk had given room but no contents yet.
 * `admit` may refuse a line for what it says.
 */
export function replayJournal(
  bytes: Uint8Array,
  planDigest: Digest,
  admit: (line: JournalLine) => string | null = () => null,
): Replay {
  const lines: JournalLine[] = [];
  let start = 0;
  let previous = planDigest;
  while (start < bytes.length) {
    const end = bytes.indexOf(lineFeed, start);
    const number = lines.length + 1;
    const isLast = end === -1 || end === bytes.length - 1;
    const content = bytes.subarray(start, end === -1 ? bytes.length : end);
    if (end === -1 || (isLast && content.includes(0))) {
      return { lines, soundBytes: start, torn: { line: number, bytes: bytes.length - start }, damage: null };
    }
    const line = readLine(content);
    const reason = typeof line === 'string' ? line : (misplaced(line, lines.length, previous) ?? admit(line));
    if (typeof line === 'string' || reason !== null) {
      return { lines, soundBytes: start, torn: null, damage: { line: number, reason: String(reason) } };
    }
    lines.push(line);
    previous = line.digest;
    start = end + 1;
  }
  return { lines, soundBytes: start, torn: null, damage: null };
}

function readLine(content: Uint8Array): JournalLine | string {
  if (content.length > lineLimit) return `it is longer than ${lineLimit} bytes`;
  try {
    return decodeLine(textOf(content));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function misplaced(line: JournalLine, sequence: number, previous: Digest): string | null {
  if (line.sequence !== sequence) return `it has sequence ${line.sequence} where ${sequence} is due`;
  if (line.previous === previous) return null;
  return sequence === 0 ? 'it was written for another plan file' : 'it does not follow the line before it';
}
