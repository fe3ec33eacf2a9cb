import { describe, expect, test } from 'vitest';
import {
  altered,
  analysed,
  changed,
  failedGates,
  fate,
  go,
  inComparison,
  noErrors,
  quick,
  specimenRun,
  threads,
  verdictOn,
} from './specimen/index.ts';

describe('a run that was cut off', () => {
  const whole = specimenRun(quick);

  test('shows trials without a record as not reached, stamps what it still judges, and says how to go on', () => {
    const run = altered(
      whole,
      ({ comparisonId, replicate }) => comparisonId === 'spin-all' && replicate === 5,
      () => [],
    );
    const analysis = analysed(run);
    expect(analysis).toMatchObject({ complete: false, stamps: ['incomplete'] });
    expect(analysis.states).toMatchObject({ ok: 70, 'not-run': 20 });
    const row = analysis.trials.find(
      ({ comparisonId, replicate, targetId }) => comparisonId === 'spin-all' && replicate === 5 && targetId === go,
    );
    expect(row).toMatchObject({ state: 'not-run', cause: 'not-reached', throughput: null });
    expect(verdictOn(analysis, 'spin-all', 'throughput', go)).toMatchObject({
      blocks: 4,
      stamps: ['incomplete'],
      verdict: 'different',
    });
    expect(verdictOn(analysis, 'timer', 'throughput', go).stamps).toEqual([]);
    expect(analysis.sentences.at(-1)).toMatch(/incomplete.*Resume/);
  });

  test('keeps an interrupted attempt as the outcome only where there is no other', () => {
    const isMeant = ({ comparisonId, replicate, targetId, role }: (typeof whole.records)[number]) =>
      comparisonId === 'timer' && replicate === 2 && targetId === go && role === 'target';
    const cut = analysed(altered(whole, isMeant, (record) => [fate(record, 'interrupted', 'signal')]));
    expect(cut.complete).toBe(false);
    expect(cut.states.interrupted).toBe(1);
    const resumed = analysed(
      altered(whole, isMeant, (record) => [fate(record, 'interrupted', 'signal'), changed(record, { attempt: 2 })]),
    );
    expect(resumed).toMatchObject({ complete: true, states: { interrupted: 0, ok: 75 } });
    expect(resumed.trials).toHaveLength(91);
  });

  test('has no verdict where nothing was measured at all', () => {
    const analysis = analysed({ ...whole, records: [] });
    expect(
      analysis.comparisons.flatMap(({ verdicts }) => verdicts).every(({ verdict }) => verdict === 'no-verdict'),
    ).toBe(true);
    expect(analysis.states).toMatchObject({ ok: 0, 'not-run': 90 });
    expect(analysis.sentences).toContain(
      `Waiting 50 ms, one core: no verdict on 4\u00a0pairs, because ${threads} was not reached.`,
    );
  });
});

describe('trials that are not ok', () => {
  const whole = specimenRun({ ...quick, replicates: 10 });
  const timerOf = (target: string, upTo: number) => (record: (typeof whole.records)[number]) =>
    record.comparisonId === 'timer' &&
    record.targetId === target &&
    record.role === 'target' &&
    record.replicate <= upTo;

  test('count every attempt at a trial but compare only its last', () => {
    const run = altered(whole, timerOf(go, 1), (record) => [
      fate(record, 'invalid', 'steal'),
      changed(record, { attempt: 2 }),
    ]);
    const analysis = analysed(run);
    const cell = inComparison(analysis, 'timer').cells.find(
      ({ targetId, role }) => targetId === go && role === 'target',
    );
    expect(cell).toMatchObject({ attempts: 11, causes: [{ cause: 'steal', trials: 1 }] });
    expect(cell?.states).toMatchObject({ ok: 10, invalid: 0 });
    expect(verdictOn(analysis, 'timer', 'throughput', go).blocks).toBe(10);
    const rows = analysis.trials.filter(({ trialId }) => trialId === run.records.find(timerOf(go, 1))?.trialId);
    expect(rows.map(({ attempt, state, cause }) => ({ attempt, state, cause }))).toEqual([
      { attempt: 1, state: 'invalid', cause: 'steal' },
      { attempt: 2, state: 'ok', cause: null },
    ]);
  });

  test('refuse the verdict when a target fails in more than 20 % of blocks', () => {
    const run = (failures: number) =>
      analysed(altered(whole, timerOf(go, failures), (record) => [fate(record, 'failed', 'crashed')]));
    expect(failedGates(verdictOn(run(2), 'timer', 'throughput', go))).toEqual([]);
    const refused = verdictOn(run(3), 'timer', 'throughput', go);
    expect(refused).toMatchObject({ verdict: 'no-verdict', blocks: 7 });
    expect(failedGates(refused)).toEqual(['dropped-blocks']);
    expect(verdictOn(run(3), 'timer', 'throughput', threads).verdict).toBe('different');
  });

  test('refuse the verdict when attempts are invalid 20 points more often on one side', () => {
    const run = altered(whole, timerOf(go, 4), (record) => [
      fate(record, 'invalid', 'steal'),
      changed(record, { attempt: 2 }),
    ]);
    expect(failedGates(verdictOn(analysed(run), 'timer', 'throughput', go))).toEqual(['guards']);
  });

  test('refuse the verdict when either side has more than 0.1 % of errors', () => {
    const run = altered(whole, timerOf(go, 10), (record) => [
      changed(record, {
        measurement: {
          ...(record.state === 'ok' ? record.measurement : {}),
          errors: { ...noErrors, reset: 20 },
        },
      }),
    ]);
    const verdict = verdictOn(analysed(run), 'timer', 'throughput', go);
    expect(failedGates(verdict)).toEqual(['errors']);
    expect(verdict.sentence).toContain('0.2\u00a0% of go/goroutines');
  });

  test('that are all invalid leave a cell without figures, verdicts with the reason, and an incomplete run while the budget lasts', () => {
    const all = (attempts: number) =>
      altered(whole, timerOf(go, 10), (record) =>
        Array.from({ length: attempts }, (_unused, index) => fate(record, 'invalid', 'steal', { attempt: index + 1 })),
      );
    const analysis = analysed(all(3));
    const cell = inComparison(analysis, 'timer').cells.find(
      ({ targetId, role }) => targetId === go && role === 'target',
    );
    expect(cell).toMatchObject({
      attempts: 30,
      errorShare: null,
      littleGap: null,
      causes: [{ cause: 'steal', trials: 30 }],
    });
    expect(
      cell?.estimates.every(({ value, trials, points }) => value === null && trials === 0 && points.length === 0),
    ).toBe(true);
    const verdict = verdictOn(analysis, 'timer', 'throughput', go);
    expect(verdict.verdict).toBe('no-verdict');
    expect(verdict.sentence).toContain(
      'no trial of go/goroutines is ok: the hypervisor gave the cores to somebody else',
    );
    expect(analysis.complete).toBe(true);
    expect(analysed(all(2)).complete).toBe(false);
    expect(analysis.sentences.some((sentence) => sentence.includes('no trial of go/goroutines is ok'))).toBe(true);
  });

  test('keep figures of the part that worked in the table of trials', () => {
    const [row] = analysed(
      altered(whole, timerOf(go, 1), (record) => [fate(record, 'invalid', 'steal')]),
    ).trials.filter(({ state }) => state === 'invalid');
    expect(row?.throughput).toBeGreaterThan(0);
    expect(row).toMatchObject({
      rssPeakBytes: null,
      detail: 'the hypervisor gave the cores to somebody else: steal was 4.0 %',
    });
  });
});
