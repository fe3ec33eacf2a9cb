import type { Claim, JudgedClaim } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import {
  altered,
  type Figures,
  fate,
  go,
  java,
  node,
  type Place,
  processes,
  type SpecimenOptions,
  specimenComparison,
  specimenRun,
  threads,
} from '../specimen/index.ts';
import { historiesOf } from '../trials.ts';
import { judgeClaims } from './claims.ts';

type Ceiling = Extract<Claim, { rule: 'ceiling' }>;
type Speedup = Extract<Claim, { rule: 'speedup' }>;

const comparisons = [
  specimenComparison('timer', 'io', 1),
  specimenComparison('spin-one', 'cpu', 1),
  specimenComparison('spin-all', 'cpu', 2),
];

const ceiling = (change: Partial<Ceiling> = {}): Ceiling => ({
  rule: 'ceiling',
  id: 'parked',
  sentence: 'Waiting requests are parked.',
  comparison: 'timer',
  targets: [node, go],
  ceiling: 'connections',
  tolerance: 0.1,
  ...change,
});

const atMost = (change: Partial<Speedup> = {}): Speedup => ({
  rule: 'speedup',
  id: 'gil',
  sentence: 'Threads gain nothing.',
  from: 'spin-one',
  to: 'spin-all',
  targets: [threads],
  atMost: 1.1,
  ...change,
});

const atLeast = (change: Partial<Speedup> = {}): Speedup => {
  const { atMost: _atMost, ...rest } = atMost({ id: 'gain', targets: [go], atLeastShareOfCapacity: 0.8 });
  return { ...rest, ...change };
};

const whole = (options: SpecimenOptions = {}) =>
  specimenRun({ comparisons, targets: [node, threads, processes, go], ...options });

function judge(claim: Claim, run = whole()): JudgedClaim {
  const plan = { ...run.plan, experiment: { ...run.plan.experiment, claims: [claim] } };
  const [judged] = judgeClaims({ plan, histories: historiesOf(plan, run.records) }, ['provisional']);
  if (judged === undefined) throw new RangeError('one claim has one judgement');
  return { ...judged, reason: judged.reason.replaceAll('\u00a0', ' ') };
}

const figuresOf =
  (targetId: string, comparisonId: string, figures: (place: Place) => Partial<Figures>) => (place: Place) =>
    place.targetId === targetId && place.comparison.id === comparisonId ? figures(place) : {};

describe('a claim about a ceiling', () => {
  test('holds where every target reaches connections over the wait, and shows the arithmetic', () => {
    const { outcome, reason, stamps } = judge(ceiling());
    expect(outcome).toBe('holds');
    expect(stamps).toEqual(['provisional']);
    expect(reason).toMatch(
      /^Ceiling 256 connections \/ 50\.0 ms = 5,120 \/s, within 10 %: node\/async-await 5,0\d0 \/s \(5,0\d0 to 5,0\d0 with 95 % confidence\); go\/goroutines .*\.$/,
    );
  });

  test('takes the threads of the plan where the pool is the limit', () => {
    const { outcome, reason } = judge(ceiling({ targets: [threads], ceiling: 'threads' }));
    expect(outcome).toBe('holds');
    expect(reason).toContain('32 threads / 50.0 ms = 640 /s');
  });

  test('does not hold where one target lies wholly outside, whatever else is unknown', () => {
    expect(judge(ceiling({ targets: [node, threads] })).outcome).toBe('does-not-hold');
    expect(judge(ceiling({ targets: [node, threads, java] })).outcome).toBe('does-not-hold');
    const skipped = whole({ figures: figuresOf(go, 'timer', () => ({ throughput: 9000 })) });
    expect(judge(ceiling(), skipped).outcome).toBe('does-not-hold');
  });

  test('cannot be told where an interval straddles the tolerance', () => {
    const throughput = [5100, 4300, 4900, 4450, 4650];
    const run = whole({
      figures: figuresOf(go, 'timer', ({ replicate }) => ({ throughput: throughput[replicate - 1] ?? 1 })),
    });
    expect(judge(ceiling(), run).outcome).toBe('cannot-tell');
  });

  test('cannot be told where a target was not measured, and names it with the reason', () => {
    const absences = { [java]: { cause: 'toolchain-missing', reason: 'no JDK', remedy: 'install a JDK' } } as const;
    const absent = judge(ceiling({ targets: [node, java] }), whole({ targets: [node, java], absences }));
    expect(absent.outcome).toBe('cannot-tell');
    expect(absent.reason).toContain(
      'java/virtual-threads was not measured: its toolchain was not found (remedy: install a JDK)',
    );
    const unasked = judge(ceiling({ targets: [node, java] }));
    expect(unasked.outcome).toBe('cannot-tell');
    expect(unasked.reason).toContain('java/virtual-threads was not asked for in this run');
  });

  test('cannot be told from fewer valid trials than the plan declares', () => {
    const run = altered(
      whole(),
      ({ comparisonId, targetId, replicate }) => comparisonId === 'timer' && targetId === go && replicate <= 3,
      (record) => [fate(record, 'failed', 'crashed')],
    );
    const { outcome, reason } = judge(ceiling(), run);
    expect(outcome).toBe('cannot-tell');
    expect(reason).toContain('go/goroutines has 2 valid of at least 3 needed');
  });

  test('cannot be told of a workload that does not wait, or of a comparison that was left out', () => {
    expect(judge(ceiling({ comparison: 'spin-one' })).reason).toContain('does not wait');
    const leftOut = [{ comparisonId: 'timer-all', reason: 'one core is granted' }];
    const { outcome, reason } = judge(ceiling({ comparison: 'timer-all' }), whole({ leftOut }));
    expect({ outcome, reason }).toEqual({
      outcome: 'cannot-tell',
      reason: 'the comparison timer-all was left out: one core is granted.',
    });
  });
});

describe('a claim about speedup', () => {
  test('at most a number: holds where the whole interval stays under it', () => {
    const { outcome, reason } = judge(atMost());
    expect(outcome).toBe('holds');
    expect(reason).toMatch(
      /^Speedup from 1 core to 2 cores, bound at most 1\.10: python\/threads [01]\.\d+ \(.* with 95 % confidence\); a parallel capacity of 1\.94 on 2 cores/,
    );
  });

  test('at most a number: does not hold of a target that scales', () => {
    expect(judge(atMost({ targets: [go] })).outcome).toBe('does-not-hold');
  });

  test('at least a share of parallel capacity: holds of what scales, not of what does not', () => {
    expect(judge(atLeast()).outcome).toBe('holds');
    expect(judge(atLeast()).reason).toContain('at least 1.55 (80 % of parallel capacity)');
    expect(judge(atLeast({ targets: [go, threads] })).outcome).toBe('does-not-hold');
  });

  test('cannot be told where the interval straddles the bound', () => {
    const throughput = [190, 230, 205, 240, 195];
    const run = whole({
      figures: figuresOf(threads, 'spin-all', ({ replicate }) => ({ throughput: throughput[replicate - 1] ?? 1 })),
    });
    expect(judge(atMost(), run).outcome).toBe('cannot-tell');
  });

  test.each([
    [1.69, 'cannot-tell'],
    [1.71, 'holds'],
  ] as const)('on a host with a parallel capacity of %d of 2: %s', (parallelCapacity, outcome) => {
    const run = whole({ figures: ({ comparison }) => (comparison.id === 'spin-all' ? { parallelCapacity } : {}) });
    const judged = judge(atMost(), run);
    expect(judged.outcome).toBe(outcome);
    expect(judged.reason).toContain(`parallel capacity of ${parallelCapacity} on 2 cores`);
  });

  test('cannot be told where the capacity was not measured, or the larger comparison was left out', () => {
    const run = whole({ figures: () => ({ parallelCapacity: null }) });
    expect(judge(atMost(), run)).toMatchObject({
      outcome: 'cannot-tell',
      reason: 'The parallel capacity of the host on 2 cores was not measured.',
    });
    expect(judge(atMost({ to: 'spin-four' })).outcome).toBe('cannot-tell');
  });

  test('cannot be told without a bound', () => {
    const { atMost: _atMost, ...unbounded } = atMost();
    expect(judge(unbounded)).toMatchObject({ outcome: 'cannot-tell', reason: 'The claim states no bound.' });
  });

  test('between two larger numbers of cores is gated by the ratio of their capacities', () => {
    const larger = [specimenComparison('spin-two', 'cpu', 2), specimenComparison('spin-four', 'cpu', 4)];
    const of = (four: number) =>
      whole({
        comparisons: larger,
        figures: ({ comparison }) => ({ parallelCapacity: comparison.id === 'spin-four' ? four : 2 }),
      });
    const claim = atLeast({ from: 'spin-two', to: 'spin-four' });
    expect(judge(claim, of(3.5)).outcome).toBe('holds');
    expect(judge(claim, of(3.3)).outcome).toBe('cannot-tell');
  });
});
