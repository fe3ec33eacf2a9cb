import { Count, Digest, Environment, Note, OkTrial, Plan, PlannedBlock, RunId, StateCounts } from '@photofinish/schema';

const text = Note.shape.text;
const Attempt = OkTrial.pick({ trialId: true, attempt: true });

/** Something the runner wants kept, in its own words: `name` in lower-case words joined by hyphens, `payload` any JSON. */
interface JournalNote {
  readonly name: string;
  readonly payload: unknown;
}

const isNote = (value: unknown): value is JournalNote =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).sort().join() === 'name,payload' &&
  'name' in value &&
  typeof value.name === 'string' &&
  /^[a-z][a-z0-9-]{0,59}$/.test(value.name);

/** What each event of a journal carries. Digests are of whole files, hexadecimal SHA-256. */
export const journalPayloads = {
  /** The first line: what is to be measured, where, and the files that say so. */
  run_started: Plan.pick({ schemaVersion: true }).extend({
    runId: RunId,
    planHash: Digest,
    plan: Digest,
    environment: Digest,
    hostKey: Environment.shape.hostKey,
  }),
  /** The run goes on in a new process. What a crash left behind and was cleared away before, in words. */
  run_resumed: Environment.pick({ schemaVersion: true }).extend({ repairs: text.array() }),
  /** What this block measured so far no longer counts: it is begun again, on one boot of the machine. */
  block_repeated: PlannedBlock.pick({ blockId: true }),
  /** Written before a server is started. */
  attempt_started: Attempt,
  /** Written when record and histograms are safe. `histograms` is null where nothing was measured. */
  attempt_finished: Attempt.extend({
    state: StateCounts.keyof(),
    sequence: Count,
    record: Digest,
    histograms: Digest.nullable(),
  }),
  /** The files of a finished attempt were missing or changed: they were moved away and the attempt does not count. */
  attempt_quarantined: Attempt.extend({ reason: text, moved: text.array() }),
  note: { safeParse: readNote },
  /** The last line before a full disk ended the run, written into space kept back for it. */
  disk_full: Note.pick({ text: true }),
  /** The last line of a whole run: how its trials ended. */
  run_finished: StateCounts,
} as const;

type JournalEvent = keyof typeof journalPayloads;

type Payload<Event extends JournalEvent> = Extract<
  ReturnType<(typeof journalPayloads)[Event]['safeParse']>,
  { success: true }
>['data'];

/** An event with what it carries. */
export type JournalEntry = { [Event in JournalEvent]: { event: Event; payload: Payload<Event> } }[JournalEvent];

/** Reads an entry from parsed JSON. Returns what is wrong with it as a string. */
export function readEntry(event: unknown, payload: unknown): JournalEntry | string {
  if (typeof event !== 'string' || !Object.hasOwn(journalPayloads, event)) return 'its event is unknown';
  const known = event as JournalEvent;
  const read = journalPayloads[known].safeParse(payload);
  return read.success ? ({ event: known, payload: read.data } as JournalEntry) : `its payload does not fit ${known}`;
}

function readNote(value: unknown): { success: true; data: JournalNote } | { success: false } {
  return isNote(value) ? { success: true, data: value } : { success: false };
}
