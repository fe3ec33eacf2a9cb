import { ResultsError } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { analyse } from './analyse.ts';
import { changed, java, specimenRun, specimenRunId } from './specimen/index.ts';

describe('records that do not belong together', () => {
  const run = specimenRun();
  const [first] = run.records;
  if (first === undefined) throw new RangeError('the specimen is empty');

  test.each([
    ['of another plan', { planHash: 'b'.repeat(64) }],
    ['of another run', { runId: '20260131T120000Z-ffffff' }],
    ['of another cell', { cellId: 'f'.repeat(16) }],
    ['of another target', { targetId: java }],
    ['of another block', { blockId: 'timer.b02' }],
    ['of a trial that was never planned', { trialId: 'timer.b01.t99' }],
  ])('are refused: a record %s', (_what, change) => {
    const records = [changed(first, change), ...run.records.slice(1)];
    expect(() => analyse({ ...run, records })).toThrow(ResultsError);
    expect(() => analyse({ ...run, records })).toThrow(
      expect.objectContaining({ code: 'E_FOREIGN_RECORD', where: `run ${specimenRunId}` }),
    );
  });

  test('are refused: the same attempt twice', () => {
    expect(() => analyse({ ...run, records: [first, ...run.records] })).toThrow(
      expect.objectContaining({ code: 'E_DOUBLE_RECORD' }),
    );
  });

  test('are refused: a baseline that is not among the targets', () => {
    const plan = { ...run.plan, baseline: java };
    expect(() => analyse({ ...run, plan })).toThrow(expect.objectContaining({ code: 'E_PLAN_DAMAGED' }));
  });
});
