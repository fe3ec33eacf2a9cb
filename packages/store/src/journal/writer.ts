import { type Clock, canonicalJson, type Digest, ResultsError } from '@photofinish/schema';
import { writeAll } from '../atomic-file.ts';
import type { OpenFile } from '../file-system.ts';
import type { JournalEntry } from './entry.ts';
import { encodeLine, type JournalLine, lineLimit } from './line.ts';

/** Where the next line of a journal belongs. */
export interface JournalHead {
  /** Sequence number of the next line. */
  readonly sequence: number;
  /** Digest of the line before it. */
  readonly previous: Digest;
  /** Length of the journal in bytes. */
  readonly bytes: number;
}

/** What stamps a line. */
export interface Stamping {
  readonly clock: Clock;
  readonly boot: Digest;
}

/** The text of the line that comes next, line feed included, and the head after it. */
export function nextLine(head: JournalHead, entry: JournalEntry, { clock, boot }: Stamping) {
  const draft = {
    ...entry,
    sequence: head.sequence,
    monotonicSeconds: clock.now(),
    wall: clock.wall().toISOString(),
    boot,
    previous: head.previous,
  };
  const { text, digest } = encodeLine(draft);
  const bytes = Buffer.from(`${text}\n`);
  if (bytes.length > lineLimit) {
    throw new RangeError(`a journal line has at most ${lineLimit} bytes: ${canonicalJson(entry).slice(0, 200)}`);
  }
  const line: JournalLine = { ...draft, digest };
  return { line, bytes, head: { sequence: head.sequence + 1, previous: digest, bytes: head.bytes + bytes.length } };
}

/** The open end of a journal: every line is on the disk when `append` returns. */
export class JournalWriter {
  readonly #file: OpenFile;
  readonly #stamping: Stamping;
  #head: JournalHead;

  constructor(file: OpenFile, head: JournalHead, stamping: Stamping) {
    this.#file = file;
    this.#head = head;
    this.#stamping = stamping;
  }

  /** Where the next line will go. */
  get head(): JournalHead {
    return this.#head;
  }

  /** Writes a line and waits for the disk. Throws `ResultsError` when somebody else wrote to the journal meanwhile, and whatever the disk says. */
  async append(entry: JournalEntry): Promise<JournalLine> {
    const next = nextLine(this.#head, entry, this.#stamping);
    const size = await this.#file.size();
    if (size !== this.#head.bytes) {
      throw new ResultsError('E_JOURNAL_SHARED', {
        what: 'something else wrote to the journal of this run',
        given: `${size} bytes`,
        allowed: `${this.#head.bytes} bytes`,
        remedy: 'let one process at a time work on a run, then go on with --resume',
      });
    }
    await writeAll(this.#file, next.bytes);
    await this.#file.sync();
    this.#head = next.head;
    return next.line;
  }

  /** Takes back whatever a failed `append` left behind the last whole line. */
  async cutBack(): Promise<void> {
    await this.#file.truncate(this.#head.bytes);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
