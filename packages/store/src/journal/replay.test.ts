import { describe, expect, test } from 'vitest';
import { tickingClock } from '../mock/sample-run.ts';
import type { JournalEntry } from './entry.ts';
import { decodeLine } from './line.ts';
import { type Replay, replayJournal } from './replay.ts';
import { type JournalHead, nextLine } from './writer.ts';

const planDigest = 'c'.repeat(64);
const stamping = { clock: tickingClock(), boot: 'b'.repeat(64) };
const attempt = { trialId: 'timer.b01.t01', attempt: 1 };

const entries: JournalEntry[] = [
  {
    event: 'run_started',
    payload: {
      schemaVersion: '1.0',
      runId: '20260131T120000Z-0a1b2c',
      planHash: 'd'.repeat(64),
      plan: planDigest,
      environment: 'e'.repeat(64),
      hostKey: 'hk1-0123456789abcdef',
    },
  },
  { event: 'attempt_started', payload: attempt },
  {
    event: 'attempt_finished',
    payload: { ...attempt, state: 'ok', sequence: 0, record: 'f'.repeat(64), histograms: null },
  },
  { event: 'note', payload: { name: 'progress', payload: { said: 'half "way" { } @ \\ é' } } },
];

const texts: string[] = [];
let end: JournalHead = { sequence: 0, previous: planDigest, bytes: 0 };
for (const entry of entries) {
  const next = nextLine(end, entry, stamping);
  texts.push(next.bytes.toString());
  end = next.head;
}
const whole = Buffer.from(texts.join(''));
const replay = (bytes: Uint8Array) => replayJournal(bytes, planDigest);
const events = ({ lines }: Replay) => lines.map(({ event }) => event);
const begin = entries.map(({ event }) => event);

test('a sound journal gives back its entries, and where the next line goes', () => {
  const { lines, soundBytes, torn, damage } = replay(whole);
  expect(lines.map(({ event, payload }) => ({ event, payload }))).toEqual(entries);
  expect({ torn, damage }).toEqual({ torn: null, damage: null });
  expect({ sequence: lines.length, previous: lines.at(-1)?.digest, bytes: soundBytes }).toEqual(end);
});

test('a journal cut at any byte keeps every whole line and reports the torn one', () => {
  for (let length = 0; length <= whole.length; length += 1) {
    const before = whole.subarray(0, length);
    const soundLines = before.filter((byte) => byte === 0x0a).length;
    const read = replay(before);
    expect(events(read)).toEqual(begin.slice(0, soundLines));
    expect(read.damage).toBeNull();
    const rest = length - read.soundBytes;
    expect(read.torn).toEqual(rest === 0 ? null : { line: soundLines + 1, bytes: rest });
  }
});

test('a flipped bit is refused with its line, or costs the torn last line; nothing false is ever read', () => {
  const outcomes = { refused: 0, torn: 0 };
  let line = 0;
  for (let at = 0; at < whole.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      const read = replay(bytes);
      expect(events(read)).toEqual(begin.slice(0, line));
      if (read.damage) outcomes.refused += 1;
      else outcomes.torn += 1;
      if (read.damage) expect(read.damage.line).toBe(line + 1);
      else expect(read.torn?.line).toBe(begin.length);
    }
    if (whole[at] === 0x0a) line += 1;
  }
  expect(outcomes.refused + outcomes.torn).toBe(whole.length * 8);
  // Only a lost line feed and a zero byte look like a torn line, and only at the end.
  expect(outcomes.torn).toBeLessThan(whole.length * 8 * 0.01);
});

describe('lines out of their order', () => {
  const [first = '', second = '', third = '', fourth = ''] = texts;
  test.each([
    ['two lines swapped', [first, third, second, fourth], 2, 'sequence 2 where 1 is due'],
    ['a line twice', [first, second, second, third, fourth], 3, 'sequence 1 where 2 is due'],
    ['a line missing', [first, third, fourth], 2, 'sequence 2 where 1 is due'],
    ['the first line missing', [second, third, fourth], 1, 'sequence 1 where 0 is due'],
    ['an empty line', [first, '\n', second], 2, 'does not end in a digest'],
    ['a foreign line', [first, '{"event":"attempt_started"}\n', second], 2, 'does not end in a digest'],
    ['a line of bytes that are no text', [first, '\u0080\n', second], 2, 'does not end in a digest'],
  ])('%s: refused with the line', (_, lines, line, reason) => {
    const { damage, lines: sound } = replay(Buffer.from(lines.join('')));
    expect(damage).toMatchObject({ line, reason: expect.stringContaining(reason) });
    expect(sound).toHaveLength(line - 1);
  });
});

test('a line of another journal with the right number does not follow', () => {
  const other = nextLine({ sequence: 1, previous: 'a'.repeat(64), bytes: 0 }, entries[1] as JournalEntry, stamping);
  const { damage } = replay(Buffer.concat([Buffer.from(texts[0] ?? ''), other.bytes]));
  expect(damage).toEqual({ line: 2, reason: 'it does not follow the line before it' });
});

test('the journal of another plan file is refused at its first line', () => {
  expect(replayJournal(whole, 'a'.repeat(64)).damage).toEqual({
    line: 1,
    reason: 'it was written for another plan file',
  });
});

test('zero bytes at the end are a torn line: room without contents after a power cut', () => {
  expect(replay(Buffer.concat([whole, Buffer.alloc(700)])).torn).toEqual({ line: 5, bytes: 700 });
});

test('a last line with a hole of zeros is torn, and the same hole further up is damage', () => {
  const holed = Buffer.from(whole).fill(0, whole.length - 200, whole.length - 100);
  expect(replay(holed)).toMatchObject({ torn: { line: 4 }, damage: null });
  const above = Buffer.from(whole).fill(0, 100, 200);
  expect(replay(above)).toMatchObject({ torn: null, damage: { line: 1 } });
});

test('the digest of a line is the SHA-256 of its JSON without it', async () => {
  const { createHash } = await import('node:crypto');
  const line = texts[2]?.trimEnd() ?? '';
  const { digest, ...rest } = JSON.parse(line) as { digest: string };
  expect(createHash('sha256').update(JSON.stringify(rest)).digest('hex')).toBe(digest);
  expect(decodeLine(line)).toMatchObject({ digest, event: 'attempt_finished' });
});

test.each([
  ['an unknown event', { event: 'run_deleted', payload: {} }, 'its event is unknown'],
  ['an event that every object has', { event: 'toString', payload: {} }, 'its event is unknown'],
  ['a field too many', { event: 'attempt_started', payload: { ...attempt, more: 1 } }, 'does not fit attempt_started'],
  ['a trial that is a path', { event: 'attempt_started', payload: { trialId: '../x', attempt: 1 } }, 'does not fit'],
  ['a note without a name', { event: 'note', payload: { payload: 1 } }, 'does not fit note'],
])('%s is refused even in a line whose digest is right', (_, entry, reason) => {
  const { bytes } = nextLine({ sequence: 0, previous: planDigest, bytes: 0 }, entry as JournalEntry, stamping);
  expect(replay(bytes).damage?.reason).toContain(reason);
});

test('a line longer than a line may be is never written', () => {
  const entry: JournalEntry = { event: 'note', payload: { name: 'long', payload: 'x'.repeat(70_000) } };
  expect(() => nextLine(end, entry, stamping)).toThrow(RangeError);
});
