import { describe, expect, test } from 'vitest';
import { analyse } from './analyse.ts';
import {
  analysed,
  failedGates,
  go,
  inComparison,
  java,
  node,
  noJdk,
  processes,
  quick,
  specimenComparison,
  specimenRun,
  threads,
  verdictOn,
} from './specimen/index.ts';

describe('the analysis of a whole run', () => {
  const run = specimenRun(quick);
  const analysis = analysed(run);

  test('has a cell for every target and alias, a verdict for every target but the baseline on every declared metric', () => {
    for (const comparison of analysis.comparisons) {
      expect(comparison.cells.filter(({ role }) => role === 'target').map(({ targetId }) => targetId)).toEqual([
        node,
        threads,
        processes,
        go,
        java,
      ]);
      expect(comparison.cells.filter(({ role }) => role === 'alias')).toHaveLength(4);
      expect(comparison.verdicts.map(({ targetId, metric }) => `${metric} ${targetId}`)).toEqual(
        ['throughput', 'cpu-per-request', 'response-time-p50', 'memory'].flatMap((metric) =>
          [threads, processes, go, java].map((targetId) => `${metric} ${targetId}`),
        ),
      );
    }
    expect(analysis).toMatchObject({ complete: true, stamps: [], replicates: 5, baseline: node });
  });

  test('divides target by baseline within each block', () => {
    const { ratio, blocks, verdict, direction, adjusted } = verdictOn(analysis, 'timer', 'throughput', threads);
    // 32 threads against 256 connections on the same wait.
    expect(ratio).toBeCloseTo(32 / 256, 2);
    expect({ blocks, verdict, direction }).toEqual({ blocks: 5, verdict: 'different', direction: 'worse' });
    expect(adjusted?.level).toBeGreaterThan(0.95);
    expect(verdictOn(analysis, 'timer', 'throughput', go).verdict).toBe('practically-equivalent');
    expect(verdictOn(analysis, 'spin-all', 'throughput', go)).toMatchObject({
      verdict: 'different',
      direction: 'better',
    });
    expect(verdictOn(analysis, 'timer', 'response-time-p50', threads)).toMatchObject({
      verdict: 'different',
      direction: 'worse',
    });
  });

  test('shows every metric of every cell as an estimate with its points in block order', () => {
    const cell = inComparison(analysis, 'timer').cells.find(({ targetId }) => targetId === go);
    expect(cell?.estimates.map(({ metric }) => metric)).toEqual([
      'throughput',
      'cpu-per-request',
      'response-time-p50',
      'response-time-p99',
      'memory',
    ]);
    const throughput = cell?.estimates[0];
    const measured = run.records.filter(
      ({ comparisonId, targetId, role }) => comparisonId === 'timer' && targetId === go && role === 'target',
    );
    expect(throughput?.points).toEqual(
      measured.map((record) => (record.state === 'ok' ? record.measurement.throughput : null)),
    );
    expect(throughput?.interval?.lower).toBeLessThan(throughput?.value ?? 0);
    expect(cell?.littleGap).toBeLessThan(0.01);
    expect(cell?.errorShare).toBe(0);
  });

  test('does not depend on the order of the records, and changes none of them', () => {
    const frozen = structuredClone(run);
    expect(analyse({ ...run, records: run.records.toReversed() })).toEqual(analysis);
    expect(run).toEqual(frozen);
  });

  test('says in its description what was asked and what memory means', () => {
    expect(inComparison(analysis, 'timer').description).toBe(
      'GET /timer?ms=50, closed loop, 256\u00a0connections, 1\u00a0core, thread pools of 32, memory is the peak resident size',
    );
  });

  test('begins its sentences with what differs most and ends with what is absent', () => {
    expect(analysis.sentences[0]).toContain(`${threads} served`);
    expect(analysis.sentences.at(-1)).toBe(
      `${java} was not run: its toolchain was not found (no JDK was found). Remedy: apt-get install openjdk-21-jdk`,
    );
    expect(analysis.sentences.some((sentence) => sentence.includes('response time'))).toBe(false);
  });
});

describe('a target that is absent from the machine', () => {
  const analysis = analysed(specimenRun(quick));

  test('has a cell, a row for each trial it would have had, and verdicts that say why there are none', () => {
    const cell = inComparison(analysis, 'timer').cells.find(({ targetId }) => targetId === java);
    expect(cell).toMatchObject({ attempts: 0, causes: [{ cause: 'toolchain-missing', trials: 5 }] });
    expect(cell?.states['not-run']).toBe(5);
    const rows = analysis.trials.filter(({ targetId }) => targetId === java);
    expect(rows).toHaveLength(15);
    expect(rows[0]?.detail).toBe('its toolchain was not found: no JDK was found; apt-get install openjdk-21-jdk');
    const verdict = verdictOn(analysis, 'timer', 'throughput', java);
    expect(verdict).toMatchObject({ verdict: 'no-verdict', blocks: 0, ratio: null, interval: null });
    expect(verdict.sentence).toContain(`${java} was not run: its toolchain was not found`);
  });

  test('leaves the run complete and its ids apart from those of the plan', () => {
    expect(analysis.complete).toBe(true);
    expect(analysis.states).toMatchObject({ ok: 75, 'not-run': 15 });
    expect(new Set(analysis.trials.map(({ trialId }) => trialId)).size).toBe(analysis.trials.length);
  });

  test('takes all verdicts with it when it is the baseline', () => {
    const absences = { [node]: { ...noJdk, reason: 'no Node was found' } };
    const { comparisons } = analysed(specimenRun({ absences }));
    for (const verdict of comparisons.flatMap(({ verdicts }) => verdicts)) {
      expect(verdict.verdict).toBe('no-verdict');
      expect(verdict.sentence).toContain(`${node} was not run`);
    }
  });
});

describe('a host that shows shapes only', () => {
  test('gets a verdict only beyond a factor of 1.5, stamped, with the reasons of its class', () => {
    const analysis = analysed(specimenRun({ ...quick, hostClass: 'shape-only', provisional: true, replicates: 3 }));
    expect(analysis.stamps).toEqual(['provisional', 'shape-only']);
    expect(analysis.hostClassReasons).not.toEqual([]);
    expect(verdictOn(analysis, 'timer', 'throughput', threads)).toMatchObject({
      verdict: 'different',
      stamps: ['provisional', 'shape-only'],
    });
    const near = verdictOn(analysis, 'timer', 'throughput', go);
    expect(near.verdict).toBe('no-verdict');
    expect(failedGates(near)).toEqual(['shape-only']);
    const wanted = analysis.comparisons
      .flatMap(({ verdicts }) => verdicts)
      .filter(({ verdict }) => verdict !== 'no-verdict');
    for (const { ratio } of wanted) expect(Math.abs(Math.log(ratio ?? 1))).toBeGreaterThan(Math.log(1.5));
  });
});

describe('a host with one core', () => {
  test('judges by shape alone where target and generator share a physical core, on whatever host', () => {
    const shared = specimenComparison('spin-all', 'cpu', 2, { sharesPhysicalCores: true });
    const analysis = analysed(specimenRun({ ...quick, comparisons: [specimenComparison('timer', 'io', 1), shared] }));
    expect(analysis.stamps).toEqual([]);
    expect(verdictOn(analysis, 'timer', 'throughput', threads).stamps).toEqual([]);
    expect(verdictOn(analysis, 'spin-all', 'throughput', go).stamps).toEqual(['shape-only']);
    expect(inComparison(analysis, 'spin-all').description).toContain('the load generator on an SMT sibling');
  });

  test('has no scaling and no parallel capacity, and names the comparison that was left out', () => {
    const reason = 'one core is granted; scaling needs at least two';
    const run = specimenRun({
      comparisons: [specimenComparison('timer', 'io', 1), specimenComparison('spin-one', 'cpu', 1)],
      leftOut: [{ comparisonId: 'spin-all', reason }],
      claims: [
        {
          rule: 'speedup',
          id: 'gil',
          sentence: 'Threads gain nothing.',
          from: 'spin-one',
          to: 'spin-all',
          targets: [threads],
          atMost: 1.1,
        },
      ],
    });
    const analysis = analysed(run);
    expect(analysis).toMatchObject({
      scaling: [],
      parallelCapacity: null,
      leftOut: [{ comparisonId: 'spin-all', reason }],
    });
    expect(analysis.claims[0]).toMatchObject({ outcome: 'cannot-tell' });
    expect(analysis.claims[0]?.reason).toContain(reason);
    expect(analysis.sentences).toContain(`Left out: spin-all, because ${reason}.`);
  });
});
