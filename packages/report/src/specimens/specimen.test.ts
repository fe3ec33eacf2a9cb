import { Analysis, Environment, Plan, VerdictWord } from '@photofinish/schema';
import { describe, expect, it } from 'vitest';
import { hostileSpecimen, oneCoreSpecimen, wholeSpecimen } from './specimen.ts';

describe.each([
  ['whole', wholeSpecimen],
  ['one-core', oneCoreSpecimen],
  ['hostile', hostileSpecimen],
])('the %s specimen', (_name, make) => {
  it('is what the schemas accept', () => {
    const { analysis, environment, plan } = make();
    expect(Analysis.parse(analysis)).toEqual(analysis);
    expect(Environment.parse(environment)).toEqual(environment);
    expect(Plan.parse(plan)).toEqual(plan);
  });

  it('is the same each time it is made', () => {
    expect(make()).toEqual(make());
  });
});

describe('the whole specimen', () => {
  const { analysis } = wholeSpecimen();

  it('holds every kind of verdict, in both directions', () => {
    const verdicts = analysis.comparisons.flatMap((comparison) => comparison.verdicts);
    expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(VerdictWord.options));
    expect(new Set(verdicts.map(({ direction }) => direction))).toEqual(new Set(['better', 'worse', null]));
  });

  it('spans a factor of 65 in one comparison', () => {
    const rates = analysis.comparisons[1]?.cells.flatMap(({ estimates }) => estimates[0]?.value ?? []) ?? [];
    expect(Math.max(...rates) / Math.min(...rates)).toBeGreaterThan(60);
  });

  it('keeps failed and invalid attempts, and a target that is absent', () => {
    expect(analysis.states).toMatchObject({ failed: 2, invalid: 2 });
    expect(analysis.targets.filter(({ absence }) => absence !== null)).toHaveLength(1);
  });
});
