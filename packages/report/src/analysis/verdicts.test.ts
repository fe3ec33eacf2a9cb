import { type JudgedMetric, Plan } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { analyse } from './analyse.ts';
import { type Figures, go, type SpecimenOptions, specimenComparison, specimenRun, threads } from './specimen/index.ts';

/** The verdict on one target and metric in a run in which some figures of that target, its alias included, are given. */
function verdictOn(
  judged: JudgedMetric,
  targetId: string,
  figures: (replicate: number) => Partial<Figures>,
  options: SpecimenOptions = {},
) {
  const run = specimenRun({
    comparisons: [specimenComparison('timer', 'io', 1, { metrics: [judged] })],
    figures: (place) => (place.targetId === targetId ? figures(place.replicate) : {}),
    ...options,
  });
  const [comparison] = analyse(run).comparisons;
  const verdict = comparison?.verdicts.find((candidate) => candidate.targetId === targetId);
  if (verdict === undefined) throw new RangeError(targetId);
  return { ...verdict, description: comparison?.description, failed: verdict.gates.filter(({ passed }) => !passed) };
}

const throughput: JudgedMetric = { metric: 'throughput', margin: 0.05 };
const memory: JudgedMetric = { metric: 'memory', margin: 0.1 };
const p99: JudgedMetric = { metric: 'response-time-p99', margin: 0.1 };

describe('a verdict in words', () => {
  test('names both sides, ratio, interval and level, both figures with their unit, and the least that is true', () => {
    const verdict = verdictOn(throughput, go, (replicate) => ({ throughput: 20_000 + replicate * 20 }));
    expect(verdict.sentence.replaceAll('\u00a0', ' ')).toMatch(
      /^Waiting 50 ms, one core: go\/goroutines served 3\.9\d times the requests per second of node\/async-await \(3\.9\d to 3\.9\d with 97.5 % confidence; 20,100 \/s against 5,060 \/s\): different, at least 3\.9 times as many\.$/,
    );
  });

  test('says of a lower figure how many times fewer it is at least, never more than the interval allows', () => {
    const { sentence, adjusted } = verdictOn(throughput, threads, () => ({}));
    const stated = /different, at least ([\d.]+) times fewer\.$/.exec(sentence)?.[1];
    expect(Number(stated)).toBeLessThanOrEqual(1 / (adjusted?.upper ?? Number.NaN));
    expect(Number(stated)).toBeGreaterThan(7.5);
  });

  test('says of equal ones that they are practically equivalent, with the interval of that test', () => {
    const { sentence, verdict } = verdictOn(throughput, go, () => ({}));
    expect(verdict).toBe('practically-equivalent');
    expect(sentence.replaceAll('\u00a0', ' ')).toMatch(
      /with 90 % confidence; .*: practically equivalent, within the margin of 5 %\.$/,
    );
  });

  test('says of a small difference that it may be smaller than the margin', () => {
    const { sentence, verdict } = verdictOn(throughput, go, (replicate) => ({
      throughput: 5060 * (1.04 + replicate * 0.005),
    }));
    expect(verdict).toBe('different-but-may-be-small');
    expect(sentence.replaceAll('\u00a0', ' ')).toContain('the difference may be smaller than the margin of 5 %');
  });

  test('says of what it cannot tell what it could have shown and how many blocks it would take', () => {
    const wild = [1, 1.3, 0.8, 1.1, 0.85, 1.25, 0.9, 1.05, 0.75, 1.2];
    const figures = (replicate: number) => ({ throughput: 5060 * (wild[replicate - 1] ?? 1) });
    const { sentence, verdict, blocksNeeded, detectable } = verdictOn(throughput, go, figures, { replicates: 10 });
    expect(verdict).toBe('inconclusive');
    expect(detectable).toBeGreaterThan(0.1);
    expect(sentence.replaceAll('\u00a0', ' ')).toMatch(
      new RegExp(
        `cannot tell\\. These 10 blocks could have shown a difference of \\d+(\\.\\d)? %; about ${blocksNeeded} blocks would settle it\\.$`,
      ),
    );
  });

  test('carries its stamps', () => {
    const options = { hostClass: 'shape-only', provisional: true } as const;
    expect(verdictOn(throughput, threads, () => ({}), options).sentence).toMatch(/fewer\. Provisional, shape-only\.$/);
  });
});

describe('the direction of a verdict', () => {
  test.each([
    [throughput, { throughput: 10_000 }, 'better'],
    [throughput, { throughput: 1000 }, 'worse'],
    [{ metric: 'cpu-per-request', margin: 0.05 }, { cpuSeconds: 30e-6 }, 'better'],
    [{ metric: 'cpu-per-request', margin: 0.05 }, { cpuSeconds: 120e-6 }, 'worse'],
    [{ metric: 'response-time-p50', margin: 0.1 }, { medianSeconds: 0.2 }, 'worse'],
    [memory, { rssBytes: 20e6 }, 'better'],
  ] as const)('is that of the metric: %j with %j is %s', (judged, figures, direction) => {
    const { verdict, direction: found } = verdictOn(judged, go, () => figures);
    expect({ verdict, found }).toEqual({ verdict: 'different', found: direction });
  });
});

describe('memory', () => {
  test('is the peak resident size where every server is one process', () => {
    const { sentence, description, ratio } = verdictOn(memory, go, () => ({ rssBytes: 30e6, pssBytes: 10e6 }));
    expect(ratio).toBeCloseTo(0.5, 2);
    expect(sentence).toContain('held 0.50');
    expect(sentence).toContain('the memory (peak resident size) of');
    expect(sentence).toContain('MiB');
    expect(description).toContain('memory is the peak resident size');
  });

  test('is the proportional set size of all targets alike as soon as one server has several processes', () => {
    // Python's summed resident sizes are twice its share: pages of the parent are counted in every worker.
    const { sentence, description, ratio } = verdictOn(memory, threads, () => ({
      processes: 5,
      rssBytes: 208e6,
      pssBytes: 104e6,
    }));
    expect(ratio).toBeCloseTo(2, 1);
    expect(sentence).toContain('(proportional set size at the window’s end)');
    expect(description).toContain('memory is the proportional set size');
  });

  test('is not judged from summed resident sizes where the kernel tells nothing better', () => {
    const { verdict, failed } = verdictOn(memory, threads, () => ({ processes: 5, rssBytes: 208e6, pssBytes: null }));
    expect(verdict).toBe('no-verdict');
    expect(failed[0]).toMatchObject({ gate: 'measured' });
    expect(failed[0]?.reading).toContain(
      'the kernel does not tell the proportional set size of servers of several processes',
    );
  });
});

describe('the 99th percentile', () => {
  test('is judged where at least 1,000 responses stand behind it', () => {
    expect(verdictOn(p99, go, () => ({ responses: 1000 })).verdict).toBe('practically-equivalent');
    const { verdict, failed } = verdictOn(p99, go, () => ({ responses: 999 }));
    expect(verdict).toBe('no-verdict');
    expect(failed[0]).toEqual({
      gate: 'measured',
      passed: false,
      reading: '5 of 5 blocks without one: 999 responses, p99 needs 1000',
      limit: 'a value in all but 20\u00a0% of blocks, and not under 1 ms',
    });
  });

  test('may lack a value in one block of five', () => {
    const { verdict, blocks } = verdictOn(p99, go, (replicate) => (replicate === 1 ? { responses: 999 } : {}));
    expect({ verdict, blocks }).toEqual({ verdict: 'practically-equivalent', blocks: 4 });
  });

  test('is not a ratio under 1 ms, where the generator’s own floor is part of it', () => {
    const { verdict, failed } = verdictOn(p99, go, () => ({ medianSeconds: 0.0006 }));
    expect(verdict).toBe('no-verdict');
    expect(failed.map(({ gate }) => gate)).toEqual(['measured']);
  });
});

describe('the A/A gate', () => {
  test('withholds verdicts of its metric when a target differs from itself, but not one on a difference larger than that', () => {
    const run = specimenRun({ figures: ({ role }) => (role === 'alias' ? { throughput: 4000 } : {}) });
    const [comparison] = analyse(run).comparisons;
    const of = (metric: string) => comparison?.verdicts.filter((verdict) => verdict.metric === metric) ?? [];
    expect(of('throughput').map(({ verdict }) => verdict)).toEqual(['different', 'no-verdict']);
    expect(of('throughput')[0]?.gates).toContainEqual(
      expect.objectContaining({
        gate: 'alias',
        passed: true,
        reading: expect.stringContaining('lies beyond all of it'),
      }),
    );
    expect(of('throughput')[1]?.sentence).toContain('half-width');
    expect(of('cpu-per-request').map(({ verdict }) => verdict)).toEqual([
      'practically-equivalent',
      'practically-equivalent',
    ]);
    expect(comparison?.alias.map(({ metric, gate }) => [metric, gate.passed])).toEqual([
      ['throughput', false],
      ['cpu-per-request', true],
      ['response-time-p50', true],
      ['memory', true],
    ]);
  });

  test('cannot be passed by a plan without an alias', () => {
    const run = specimenRun();
    const blocks = run.plan.blocks.map((block) => ({
      ...block,
      trials: block.trials.filter(({ role }) => role === 'target'),
    }));
    const records = run.records.filter(({ role }) => role === 'target');
    const [comparison] = analyse({ ...run, plan: Plan.parse({ ...run.plan, blocks }), records }).comparisons;
    expect(comparison?.verdicts.every(({ verdict }) => verdict === 'no-verdict')).toBe(true);
    expect(comparison?.alias[0]).toMatchObject({ pairs: 0, ratio: null, interval: null, gate: { passed: false } });
  });
});
