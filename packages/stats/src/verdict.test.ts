import type { GateReading } from '@photofinish/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FamilyRule, type Judgement, judgeFamily } from './verdict.ts';

const rule: FamilyRule = { margin: 0.05, minimumBlocks: 2, isShapeOnly: false, isProvisional: false };

function judgeOne(
  ratios: readonly number[],
  change: Partial<FamilyRule> = {},
  gates: readonly GateReading[] = [],
): Judgement {
  const logRatios = ratios.map((ratio) => Math.log(ratio));
  const [judgement] = judgeFamily([{ targetId: 'go/goroutines', logRatios, gates }], { ...rule, ...change });
  if (judgement === undefined) throw new Error('a family of one has one judgement');
  return judgement;
}

const failed = (judgement: Judgement) => judgement.gates.filter((gate) => !gate.passed).map((gate) => gate.gate);

describe('the verdict on one pair', () => {
  test.each([
    { ratios: [2, 2.1, 1.9, 2.05, 1.95], word: 'different' },
    { ratios: [0.5, 0.48, 0.52, 0.5, 0.51], word: 'different' },
    { ratios: [1.06, 1.07, 1.02, 1.08, 1.05], word: 'different-but-may-be-small' },
    { ratios: [1, 1.01, 0.99, 1.02, 1], word: 'practically-equivalent' },
    { ratios: [1, 1.3, 0.8, 1.1, 0.9], word: 'inconclusive' },
  ] as const)('of the ratios $ratios is $word', ({ ratios, word }) => {
    expect(judgeOne(ratios).verdict).toBe(word);
  });

  test('is equivalence, not difference, where the difference is real but inside the margin', () => {
    const judgement = judgeOne([1.02, 1.021, 1.019, 1.02, 1.022, 1.018]);
    expect(judgement.adjusted?.lower).toBeGreaterThan(1);
    expect(judgement.verdict).toBe('practically-equivalent');
  });

  test('looks at the margin on both sides alike: 1/(1 + margin) and 1 + margin', () => {
    const above = judgeOne([1.1, 1.11, 1.09, 1.1], { margin: 0.1 });
    const below = judgeOne([1 / 1.1, 1 / 1.11, 1 / 1.09, 1 / 1.1], { margin: 0.1 });
    expect(below.verdict).toBe(above.verdict);
  });

  test('has an interval with two blocks, none with one, nothing without any, and says so through its gate', () => {
    const two = judgeOne([2, 2.2]);
    expect(two.interval).not.toBeNull();
    expect(failed(two)).toEqual([]);
    const one = judgeOne([2], { minimumBlocks: 0 });
    expect(one).toMatchObject({
      verdict: 'no-verdict',
      blocks: 1,
      interval: null,
      adjusted: null,
      pValue: null,
      detectable: null,
    });
    expect(one.ratio).toBeCloseTo(2, 12);
    expect(failed(one)).toEqual(['blocks']);
    const none = judgeOne([]);
    expect(none).toMatchObject({ verdict: 'no-verdict', blocks: 0, ratio: null, interval: null, pAdjusted: null });
    expect(failed(none)).toEqual(['blocks']);
  });

  test.each([
    { ratio: 1, word: 'practically-equivalent', pValue: 1 },
    { ratio: 1.02, word: 'practically-equivalent', pValue: 0 },
    { ratio: 1.5, word: 'different', pValue: 0 },
  ] as const)(
    'of blocks that all show $ratio exactly is $word, with a point for an interval',
    ({ ratio, word, pValue }) => {
      const judgement = judgeOne([ratio, ratio, ratio]);
      expect(judgement).toMatchObject({ verdict: word, pValue, detectable: 0, blocksNeeded: null });
      expect(judgement.interval?.lower).toBe(judgement.interval?.upper);
    },
  );

  test('refuses below the declared number of blocks, however clear the figures', () => {
    const judgement = judgeOne([4, 4.1, 3.9], { minimumBlocks: 5 });
    expect(judgement.verdict).toBe('no-verdict');
    expect(judgement.gates).toEqual([{ gate: 'blocks', passed: false, reading: '3 valid', limit: 'at least 5' }]);
    expect(judgement.ratio).toBeCloseTo(4, 2);
  });

  test('puts every gate before the figures', () => {
    const gate: GateReading = { gate: 'errors', passed: false, reading: '2 %', limit: 'at most 0.1 %' };
    expect(judgeOne([4, 4.1, 3.9], {}, [gate]).verdict).toBe('no-verdict');
    expect(judgeOne([4, 4.1, 3.9], {}, [{ ...gate, passed: true }]).verdict).toBe('different');
  });

  test('tells with an inconclusive pair what it could have shown and how many blocks would settle it', () => {
    const judgement = judgeOne([1, 1.3, 0.8, 1.1, 0.9]);
    expect(judgement.detectable).toBeGreaterThan(0.3);
    expect(judgement.blocksNeeded).toBeGreaterThan(50);
  });

  test('does not promise that more blocks settle a ratio that lies too near the margin', () => {
    const ratios = [0.96, 1.09, 1.01, 1.05, 0.965, 1.08, 1.04, 1.09, 1.055, 0.96];
    const judgement = judgeOne(ratios, { margin: 0.06 });
    expect(judgement).toMatchObject({ verdict: 'inconclusive', isContested: false, blocksNeeded: null });
    expect(judgement.detectable).toBeLessThan(0.06);
  });
});

describe('the robust companion', () => {
  // Five blocks agree closely, the sixth lies apart: the t interval begins at 1.152, the signed-rank interval at 1.06.
  const apart = [1.3, 1.31, 1.29, 1.3, 1.32, 1.06];

  test('turns a difference into inconclusive where ranks do not confirm it, and names no number of blocks', () => {
    const judgement = judgeOne(apart, { margin: 0.12 });
    expect(judgement.adjusted?.lower).toBeGreaterThan(1.12);
    expect(judgement).toMatchObject({ verdict: 'inconclusive', isContested: true, blocksNeeded: null });
  });

  test('leaves standing what it confirms', () => {
    expect(judgeOne(apart, { margin: 0.05 })).toMatchObject({ verdict: 'different', isContested: false });
    expect(judgeOne([1.02, 0.99, 1.01, 1, 1.02, 0.98, 1.01]).verdict).toBe('practically-equivalent');
  });

  test('turns an equivalence into inconclusive likewise', () => {
    const judgement = judgeOne([1, 1, 1, 1, 1.06, 1.06]);
    expect(judgement.equivalence?.upper).toBeLessThan(1.05);
    expect(judgement).toMatchObject({ verdict: 'inconclusive', isContested: true });
  });

  test('has no say with five blocks', () => {
    const judgement = judgeOne([1.3, 1.31, 1.29, 1.3, 1.12], { margin: 0.13 });
    expect(judgement.adjusted?.lower).toBeGreaterThan(1.13);
    expect(judgement).toMatchObject({ verdict: 'different', isContested: false });
  });
});

describe('a host that shows shapes only', () => {
  const shape = { isShapeOnly: true, isProvisional: true };

  test.each([
    [[4, 4.2, 3.9], 'different'],
    [[0.25, 0.26, 0.24], 'different'],
    [[1.6, 2, 1.7], 'no-verdict'],
    [[1.3, 1.31, 1.29], 'no-verdict'],
    [[1, 1, 1], 'no-verdict'],
  ] as const)('of the ratios %j gives: %s', (ratios, word) => {
    const judgement = judgeOne(ratios, shape);
    expect(judgement.verdict).toBe(word);
    expect(judgement.stamps).toEqual(['provisional', 'shape-only']);
    expect(failed(judgement)).toEqual(word === 'different' ? [] : ['shape-only']);
  });

  test('gives the interval as the reading of its gate', () => {
    const [, gate] = judgeOne([1.3, 1.31, 1.29], shape).gates;
    expect(gate).toEqual({
      gate: 'shape-only',
      passed: false,
      reading: 'interval 1.28 to 1.33',
      limit: 'wholly beyond a factor of 1.5',
    });
  });

  test('keeps a margin that is wider than its own', () => {
    expect(judgeOne([1.6, 1.61, 1.59], { ...shape, margin: 0.8 }).verdict).toBe('no-verdict');
    expect(judgeOne([1.9, 1.91, 1.89], { ...shape, margin: 0.8 }).verdict).toBe('different');
  });
});

describe('a family', () => {
  const families = fc
    .integer({ min: 2, max: 12 })
    .chain((blocks) =>
      fc.array(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: blocks, maxLength: blocks }), {
        minLength: 1,
        maxLength: 5,
      }),
    )
    .map((family) => family.map((logs) => logs.map((thousandth) => thousandth / 1000)));
  const judge = (family: readonly (readonly number[])[], change: Partial<FamilyRule> = {}) =>
    judgeFamily(
      family.map((logRatios, index) => ({ targetId: `runtime/model-${index}`, logRatios, gates: [] })),
      { ...rule, ...change },
    );

  test('widens the intervals of many pairs by Holm: the surest of four gets 98.75 %', () => {
    const sure = [0.7, 0.71, 0.69];
    const unsure = [0.1, -0.2, 0.15];
    const levels = judge([sure, unsure, unsure, unsure]).map((judgement) => judgement.adjusted?.level ?? 0);
    expect(levels[0]).toBeCloseTo(0.9875, 12);
    expect(levels[1]).toBeCloseTo(1 - 0.05 / 3, 12);
  });

  test('counts a pair that a gate refuses, so that refusing one makes no other look surer', () => {
    const logs = [0.2, 0.24, 0.17];
    const gate: GateReading = { gate: 'errors', passed: false, reading: '2 %', limit: 'at most 0.1 %' };
    const members = (gates: readonly GateReading[]) =>
      judgeFamily(
        [
          { targetId: 'go/goroutines', logRatios: logs, gates: [] },
          { targetId: 'python/threads', logRatios: [0.3, 0.1, 0.2], gates },
        ],
        rule,
      );
    expect(members([gate])[0]?.adjusted).toEqual(members([])[0]?.adjusted);
  });

  test('leaves out of the family a pair that has no p value', () => {
    const [first] = judgeFamily(
      [
        { targetId: 'go/goroutines', logRatios: [0.2, 0.24, 0.17], gates: [] },
        { targetId: 'python/threads', logRatios: [0.3], gates: [] },
      ],
      rule,
    );
    expect(first?.adjusted?.level).toBeCloseTo(0.95, 12);
  });

  test('does not depend on the order of blocks or of targets', () => {
    fc.assert(
      fc.property(families, (family) => {
        const plain = judge(family);
        const turned = judge(family.map((logs) => logs.toReversed()).reverse()).reverse();
        turned.forEach((judgement, index) => {
          expect(judgement.verdict).toBe(plain[index]?.verdict);
          expect(judgement.adjusted?.lower).toBeCloseTo(plain[index]?.adjusted?.lower ?? Number.NaN, 6);
          expect(judgement.pAdjusted).toBeCloseTo(plain[index]?.pAdjusted ?? Number.NaN, 6);
        });
      }),
    );
  });

  test('gives the same word when target and baseline change places, with ratio and interval inverted', () => {
    fc.assert(
      fc.property(families, (family) => {
        const there = judge(family);
        const back = judge(family.map((logs) => logs.map((log) => -log)));
        there.forEach((judgement, index) => {
          const inverse = back[index];
          expect(inverse?.verdict).toBe(judgement.verdict);
          expect((inverse?.ratio ?? Number.NaN) * (judgement.ratio ?? Number.NaN)).toBeCloseTo(1, 9);
          if (Math.max(judgement.interval?.upper ?? 0, inverse?.interval?.upper ?? 0) > 1e6) return;
          expect((inverse?.interval?.lower ?? Number.NaN) * (judgement.interval?.upper ?? Number.NaN)).toBeCloseTo(
            1,
            6,
          );
          expect((inverse?.adjusted?.upper ?? Number.NaN) * (judgement.adjusted?.lower ?? Number.NaN)).toBeCloseTo(
            1,
            6,
          );
        });
      }),
    );
  });

  test('agrees with itself: adjusted p at most 5 % exactly where the adjusted interval excludes 1', () => {
    fc.assert(
      fc.property(families, (family) => {
        for (const { adjusted, pAdjusted } of judge(family)) {
          if (adjusted === null || pAdjusted === null || Math.abs(pAdjusted - 0.05) < 1e-9) continue;
          expect(adjusted.lower > 1 || adjusted.upper < 1).toBe(pAdjusted < 0.05);
        }
      }),
    );
  });

  test('says of a wider margin never more: what is not different at 5 % is not different at 10 %', () => {
    fc.assert(
      fc.property(families, (family) => {
        const narrow = judge(family, { margin: 0.05 });
        judge(family, { margin: 0.1 }).forEach(({ verdict }, index) => {
          if (verdict === 'different') expect(narrow[index]?.verdict).toBe('different');
        });
      }),
    );
  });

  test('gives each verdict of difference an interval beyond the margin, and each equivalence one inside it', () => {
    fc.assert(
      fc.property(families, (family) => {
        for (const { verdict, adjusted, equivalence } of judge(family)) {
          if (verdict === 'different') {
            expect((adjusted?.lower ?? 0) > 1.05 || (adjusted?.upper ?? 2) < 1 / 1.05).toBe(true);
          }
          if (verdict === 'practically-equivalent') {
            expect(equivalence?.lower).toBeGreaterThan(1 / 1.05);
            expect(equivalence?.upper).toBeLessThan(1.05);
          }
        }
      }),
    );
  });
});
