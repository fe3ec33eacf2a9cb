import type { TrialState } from '@photofinish/schema';
import { expect, test } from 'vitest';
import type { JournalEntry } from './journal/entry.ts';
import { Ledger } from './ledger.ts';
import { samplePlan } from './mock/sample-run.ts';

const plan = samplePlan(2);
const [t01, t02] = ['timer.b01.t01', 'timer.b01.t02'];
const digest = 'd'.repeat(64);
const [boot, laterBoot] = ['a'.repeat(64), 'b'.repeat(64)];

const begin: JournalEntry = {
  event: 'run_started',
  payload: {
    schemaVersion: '1.0',
    runId: '20260131T120000Z-0a1b2c',
    planHash: plan.hash,
    plan: digest,
    environment: digest,
    hostKey: 'hk1-0123456789abcdef',
  },
};
const started = (trialId: string, attempt = 1): JournalEntry => ({
  event: 'attempt_started',
  payload: { trialId, attempt },
});
const finished = (trialId: string, state: TrialState, sequence: number, attempt = 1): JournalEntry => ({
  event: 'attempt_finished',
  payload: { trialId, attempt, state, sequence, record: digest, histograms: null },
});
const quarantined = (trialId: string, attempt = 1): JournalEntry => ({
  event: 'attempt_quarantined',
  payload: { trialId, attempt, reason: 'changed', moved: [] },
});
const resumed: JournalEntry = { event: 'run_resumed', payload: { schemaVersion: '1.0', repairs: [] } };
const repeated = (blockId: string): JournalEntry => ({ event: 'block_repeated', payload: { blockId } });
const states = { ok: 0, failed: 0, invalid: 0, skipped: 0, 'not-run': 0, interrupted: 0 };
const ended: JournalEntry = { event: 'run_finished', payload: states };

function ledgerOf(...entries: (JournalEntry | { boot: string; entry: JournalEntry })[]): Ledger {
  const ledger = new Ledger(plan);
  for (const given of [begin, ...entries]) {
    const { entry, boot: of } = 'entry' in given ? given : { entry: given, boot };
    expect(ledger.complaint(entry)).toBeNull();
    ledger.admit(entry, of);
  }
  return ledger;
}

test.each<[string, JournalEntry[], JournalEntry, string]>([
  ['a second beginning', [], begin, 'a journal begins with run_started, once'],
  ['a trial that is not planned', [], started('timer.b09.t01'), 'is not in the plan'],
  ['an attempt number left out', [], started(t01, 2), 'attempt 2 at timer.b01.t01 was started where attempt 1 is due'],
  ['an attempt number used before', [started(t01)], started(t01), 'where attempt 2 is due'],
  ['an end without a start', [], finished(t01, 'ok', 0), 'ended without having been started'],
  ['a second end', [started(t01), finished(t01, 'ok', 0)], finished(t01, 'ok', 1), 'ended twice'],
  [
    'a record out of its position',
    [started(t01)],
    finished(t01, 'ok', 3),
    'record 3 was written where record 0 is due',
  ],
  ['quarantine of what never ended', [started(t01)], quarantined(t01), 'was not finished'],
  ['a repeated block that is not planned', [], repeated('timer.b09'), 'block timer.b09 is not in the plan'],
  ['an end of the run with an open attempt', [started(t01)], ended, 'an attempt is still open'],
  ['anything after the end', [ended], started(t01), 'only run_resumed follows run_finished'],
])('complains of %s', (_, before, entry, complaint) => {
  expect(ledgerOf(...before).complaint(entry)).toContain(complaint);
});

test('a journal that does not begin at the beginning is refused', () => {
  expect(new Ledger(plan).complaint(started(t01))).toBe('a journal begins with run_started, once');
});

test('a trial is at its end with its last attempt, unless that was interrupted, quarantined or superseded', () => {
  const stateAfter = (...entries: JournalEntry[]) => ledgerOf(...entries).finalState(t01);
  expect(stateAfter()).toBeNull();
  expect(stateAfter(started(t01))).toBeNull();
  const ok = [started(t01), finished(t01, 'ok', 0)];
  expect(stateAfter(...ok)).toBe('ok');
  expect(stateAfter(...ok, quarantined(t01))).toBeNull();
  expect(stateAfter(...ok, repeated('timer.b01'))).toBeNull();
  expect(stateAfter(started(t01), finished(t01, 'interrupted', 0))).toBeNull();
  expect(stateAfter(started(t01), finished(t01, 'invalid', 0), started(t01, 2), finished(t01, 'ok', 1, 2))).toBe('ok');
  expect(stateAfter(finished(t01, 'skipped', 0))).toBe('skipped');
});

test('attempt numbers and positions are never used twice, whatever became of an attempt', () => {
  const ledger = ledgerOf(started(t01), finished(t01, 'ok', 0), quarantined(t01));
  expect(ledger.nextAttempt(t01)).toBe(2);
  expect(ledger.nextAttempt(t02)).toBe(1);
  expect(ledger.nextSequence).toBe(1);
});

test('a repeated block loses what it measured, and keeps what it left out', () => {
  const ledger = ledgerOf(
    started(t01),
    finished(t01, 'ok', 0),
    finished(t02, 'skipped', 1),
    resumed,
    repeated('timer.b01'),
  );
  expect(ledger.standing().map(({ trialId, state }) => [trialId, state])).toEqual([[t02, 'skipped']]);
  expect(ledger.finished()).toHaveLength(2);
  expect(ledger.missing()).toEqual([t01, 'timer.b02.t01', 'timer.b02.t02']);
});

test.each<[string, (JournalEntry | { boot: string; entry: JournalEntry })[], string[]]>([
  ['a block never begun', [], []],
  ['a block half measured', [started(t01), finished(t01, 'ok', 0)], ['timer.b01']],
  ['a block whose only attempt was interrupted', [started(t01), finished(t01, 'interrupted', 0)], []],
  ['a block at its end', [started(t01), finished(t01, 'ok', 0), finished(t02, 'skipped', 1)], []],
  [
    'a block whose last trial may be tried again',
    [started(t01), finished(t01, 'ok', 0), started(t02), finished(t02, 'invalid', 1)],
    ['timer.b01'],
  ],
  [
    'a block whose failure is not confirmed',
    [started(t01), finished(t01, 'ok', 0), started(t02), finished(t02, 'failed', 1)],
    ['timer.b01'],
  ],
  [
    'a block whose retries are used up',
    [
      started(t01),
      finished(t01, 'ok', 0),
      started(t02),
      finished(t02, 'invalid', 1),
      started(t02, 2),
      finished(t02, 'invalid', 2, 2),
    ],
    [],
  ],
  [
    'a block whose repetition on an earlier boot is half done',
    [
      started(t01),
      finished(t01, 'ok', 0),
      repeated('timer.b01'),
      { boot: 'c'.repeat(64), entry: started(t01, 2) },
      { boot: 'c'.repeat(64), entry: finished(t01, 'ok', 1, 2) },
    ],
    ['timer.b01'],
  ],
])('what is repeated after the machine was started anew: %s', (_, entries, blocks) => {
  const ledger = ledgerOf(...entries);
  expect(ledger.blocksOfAnotherBoot(laterBoot)).toEqual(blocks);
});

test('on the same boot nothing is repeated', () => {
  expect(ledgerOf(started(t01), finished(t01, 'ok', 0)).blocksOfAnotherBoot(boot)).toEqual([]);
});
