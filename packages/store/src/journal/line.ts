import { createHash } from 'node:crypto';
import { canonicalJson, type Digest, type Environment } from '@photofinish/schema';
import { parseStrictJson } from '../untrusted/strict-json.ts';
import { type JournalEntry, readEntry } from './entry.ts';

/** One line of a journal. */
export type JournalLine = JournalEntry & {
  /** 0 for the first line. */
  readonly sequence: number;
  /** Monotonic clock of the writing process, seconds since an origin of its own. */
  readonly monotonicSeconds: number;
  /** Wall clock, for people only. */
  readonly wall: Environment['collectedAt'];
  /** Which boot of which machine wrote it: SHA-256 over run id and boot id. */
  readonly boot: Digest;
  /** Digest of the line before; of the plan file for the first. */
  readonly previous: Digest;
  /** SHA-256 of this line's JSON without this field. */
  readonly digest: Digest;
};

/** A line whose digest is still to be made. */
export type JournalDraft = JournalEntry & Omit<JournalLine, keyof JournalEntry | 'digest'>;

/** Most bytes of one line. */
export const lineLimit = 64 * 2 ** 10;

const fields = 'boot,event,monotonicSeconds,payload,previous,sequence,wall';
const tail = /^,"digest":"([0-9a-f]{64})"\}$/;
const tailLength = ',"digest":""}'.length + 64;

const digestOfText = (text: string): Digest => createHash('sha256').update(text).digest('hex');

/** The text of a line without its line feed, and its digest. The digest stands last, so that it can be cut off and checked with `sha256sum`. */
export function encodeLine(draft: JournalDraft): { text: string; digest: Digest } {
  const body = canonicalJson(draft);
  const digest = digestOfText(body);
  return { text: `${body.slice(0, -1)},"digest":"${digest}"}`, digest };
}

/** Reads a line without its line feed, on its own; its place in the chain is the reader's business. Returns what is wrong with it as a string. */
export function decodeLine(text: string): JournalLine | string {
  const digest = tail.exec(text.slice(-tailLength))?.[1];
  if (digest === undefined) return 'it does not end in a digest';
  const body = `${text.slice(0, -tailLength)}}`;
  if (digestOfText(body) !== digest) return 'its digest does not fit its text';
  let json: unknown;
  try {
    json = parseStrictJson(body);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return fromJson(json, digest);
}

function fromJson(json: unknown, digest: Digest): JournalLine | string {
  if (typeof json !== 'object' || json === null || Object.keys(json).sort().join() !== fields) {
    return `its fields are not ${fields}`;
  }
  const { boot, event, monotonicSeconds, payload, previous, sequence, wall } = json as Record<string, unknown>;
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence)) return 'its sequence is no whole number';
  if (typeof monotonicSeconds !== 'number') return 'its monotonic time is no number';
  if (typeof wall !== 'string' || Number.isNaN(Date.parse(wall))) return 'its wall-clock time is no time';
  if (!isDigest(boot) || !isDigest(previous)) return 'a digest in it has the wrong form';
  const entry = readEntry(event, payload);
  if (typeof entry === 'string') return entry;
  return { ...entry, sequence, monotonicSeconds, wall, boot, previous, digest };
}

const isDigest = (value: unknown): value is Digest => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
