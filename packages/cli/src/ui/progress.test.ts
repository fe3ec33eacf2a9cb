import type { RunnerEvent } from '@photofinish/runner';
import { InterruptedError } from '@photofinish/schema';
import { createColors } from 'picocolors';
import { expect, test } from 'vitest';
import { watchHarness } from '../signals.ts';
import { progressView } from './progress.ts';

const plain = createColors(false);
const progress = { done: 3, total: 54, remainingSeconds: 98 };
const trial = {
  trialId: 'timer.b01.t01',
  cellId: '0'.repeat(16),
  targetId: 'go/goroutines',
  role: 'target' as const,
  seed: 1,
};
const block = { blockId: 'timer.b01', comparisonId: 'timer', replicate: 1, trials: [trial] };

const ofATrial: readonly RunnerEvent[] = [
  { kind: 'block-started', block, progress },
  { kind: 'trial-started', trial, block, attempt: 1, progress },
];

function shown(interactive: boolean, events = ofATrial): string {
  let text = '';
  const view = progressView({
    out: () => {},
    err: (more) => (text += more),
    interactive,
    columns: 80,
    outColours: plain,
    errColours: plain,
  });
  events.forEach(view);
  return text;
}

test('progress is plain lines where no terminal is, with what is left', () => {
  expect(shown(false)).toBe('block timer.b01: 1 trials (3 of 54 trials done, about 1 min 38 s left)\n');
});

test('progress on a terminal is one line that is painted over', () => {
  expect(shown(true)).toMatch(/^\r.*go\/goroutines .*left\)$/);
});

test('a wait for calm is told when it begins, when it is over, and at the end of the run', () => {
  const text = shown(false, [
    { kind: 'calm-awaited', ratio: 1.234, longestSeconds: 30 },
    { kind: 'calm-wait-over', ratio: 1.2, waitedSeconds: 30, isCalm: false },
    { kind: 'calm-wait-over', ratio: 1, waitedSeconds: 4, isCalm: true },
    { kind: 'run-finished', complete: true, calmWaitSeconds: 34 },
  ]);
  expect(text).toBe(
    [
      '  this host takes 1.23 times as long as when calm now: waiting for calm, at most 30 s',
      '  waited 30 s: still 1.20 times as long as when calm, going on',
      '  waited 4.0 s: calm again',
      'waited 34 s for calm in this run',
      '',
    ].join('\n'),
  );
});

test('the first signal aborts with its name, and its echo is not a second one', () => {
  const handlers = new Map<string, () => void>();
  const exits: number[] = [];
  const harness = {
    on: (name: string, handler: () => void) => handlers.set(name, handler),
    exit: (code: number) => exits.push(code),
  };
  const { signal } = watchHarness(harness as unknown as NodeJS.Process);
  handlers.get('SIGINT')?.();
  handlers.get('SIGINT')?.();
  expect(signal.reason).toBeInstanceOf(InterruptedError);
  expect((signal.reason as InterruptedError).signal).toBe('SIGINT');
  expect(exits).toEqual([]);
});
