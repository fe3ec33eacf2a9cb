import type { VerdictWord } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { type FamilyRule, type Judgement, judgeFamily } from '../verdict.ts';
import { methodNoise, type Noise, seededUniform, simulateFamily } from './noise-model.ts';

const experiments = 1500;
/** Two standard errors of a share of 5 % in 1,500 experiments. */
const chance = 2 * Math.sqrt((0.05 * 0.95) / experiments);
const margin = 0.05;
const rule: FamilyRule = { margin, minimumBlocks: 5, isShapeOnly: false, isProvisional: false };
const noisy: Noise = { betweenBlocks: 0.1, withinBlock: 0.08 };

/** Share of simulated families of which `isSo` is true. */
function share(
  truths: readonly number[],
  blocks: number,
  isSo: (family: readonly Judgement[]) => boolean,
  noise = methodNoise,
  given = rule,
): number {
  const uniform = seededUniform(70_007 + blocks + 1000 * truths.length);
  let count = 0;
  for (let experiment = 0; experiment < experiments; experiment += 1) {
    const family = simulateFamily(uniform, truths, blocks, noise);
    const members = family.map((logRatios) => ({ targetId: 'go/goroutines', logRatios, gates: [] }));
    if (isSo(judgeFamily(members, given))) count += 1;
  }
  return count / experiments;
}

const anyIs =
  (...words: VerdictWord[]) =>
  (family: readonly Judgement[]) =>
    family.some((judgement) => words.includes(judgement.verdict));
const isDifference = anyIs('different', 'different-but-may-be-small');
const same = (count: number): number[] => new Array<number>(count).fill(1);

describe('the whole verdict function on identical targets', () => {
  test.each([
    [1, 5],
    [1, 10],
    [1, 20],
    [1, 30],
    [4, 5],
    [4, 10],
    [7, 10],
    [7, 30],
  ])('calls at most 5 in 100 families different, of pairs and blocks %d and %d', (targets, blocks) => {
    expect(share(same(targets), blocks, isDifference)).toBeLessThanOrEqual(0.05);
  });

  test.each([
    [1, 5],
    [4, 5],
    [4, 10],
    [7, 20],
  ])(
    'keeps to that on a host four times as noisy, where equivalence comes to nobody’s rescue (%d pairs, %d blocks)',
    (targets, blocks) => {
      expect(share(same(targets), blocks, isDifference, noisy)).toBeLessThanOrEqual(0.05 + chance);
    },
  );

  test('finds them practically equivalent nearly always with ten blocks', () => {
    expect(share(same(1), 10, anyIs('practically-equivalent'))).toBeGreaterThan(0.9);
  });

  test('gives no verdict at all of them on a host that shows shapes only', () => {
    const given = { ...rule, isShapeOnly: true };
    expect(share(same(4), 10, (family) => family.every(({ verdict }) => verdict === 'no-verdict'), noisy, given)).toBe(
      1,
    );
  });
});

describe('the whole verdict function on targets that differ by exactly the margin', () => {
  const atMargin = (count: number): number[] => new Array<number>(count).fill(1 + margin);

  test.each([
    [1, 5],
    [1, 20],
    [4, 10],
    [7, 10],
    [7, 30],
  ])('says of at most 5 in 100 families that one differs by more, of pairs and blocks %d and %d', (targets, blocks) => {
    expect(share(atMargin(targets), blocks, anyIs('different'))).toBeLessThanOrEqual(0.05);
  });

  test.each([5, 10, 20, 30])('calls at most 5 in 100 pairs of %d blocks equivalent', (blocks) => {
    expect(share(atMargin(1), blocks, anyIs('practically-equivalent'))).toBeLessThanOrEqual(0.05 + chance);
  });

  test.each([
    [[1.05, 1.2, 2, 0.9], 5],
    [[1.05, 1.2, 2, 0.9], 20],
    [[1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5], 10],
  ])(
    'states a bound ("at least ...") that is true of the whole family %j in 95 of 100 experiments of %d blocks',
    (truths, blocks) => {
      const isOverstated = (family: readonly Judgement[]) =>
        family.some(({ verdict, adjusted }, index) => {
          const truth = truths[index] ?? Number.NaN;
          if (verdict !== 'different' || adjusted === null) return false;
          return truth > 1 ? adjusted.lower > truth : adjusted.upper < truth;
        });
      expect(share(truths, blocks, isOverstated)).toBeLessThanOrEqual(0.05 + chance);
    },
  );
});

describe('the whole verdict function on targets that do differ', () => {
  test.each([
    [1.25, 5],
    [1.12, 10],
    [1.1, 20],
  ])('finds a ratio of %d different in four of five experiments with %d blocks', (truth, blocks) => {
    expect(share([truth], blocks, anyIs('different'))).toBeGreaterThan(0.8);
  });

  test('finds a factor of 4 on a shape-only host with three blocks', () => {
    const given = { ...rule, minimumBlocks: 3, isShapeOnly: true, isProvisional: true };
    expect(
      share([4, 4, 0.25, 0.25], 3, (family) => family.every(({ verdict }) => verdict === 'different'), noisy, given),
    ).toBeGreaterThan(0.8);
  });
});
