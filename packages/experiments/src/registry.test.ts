import { type Claim, ExpectedAnswer, Experiment, UsageError } from '@photofinish/schema';
import { findWorkload } from '@photofinish/workloads';
import { describe, expect, test } from 'vitest';
import { experiments, findExperiment } from './registry.ts';

const comparisonsOf = (claim: Claim) => (claim.rule === 'ceiling' ? [claim.comparison] : [claim.from, claim.to]);

describe.each(Object.entries(experiments))('the experiment %s', (key, experiment) => {
  test('is one by the schema, unchanged by it, and found under its id', () => {
    expect(Experiment.parse(experiment)).toEqual(experiment);
    expect(experiment.id).toBe(key);
    expect(findExperiment(key)).toBe(experiment);
  });

  test('asks its workloads with parameters they take, and knows the answers', () => {
    for (const { workload } of experiment.comparisons) {
      const found = findWorkload(workload.id);
      expect(ExpectedAnswer.parse(found.expected(workload.parameters)).status).toBe(200);
      expect(found.request(workload.parameters).path).toContain(found.endpoint);
      expect(found.waitSeconds(workload.parameters) > 0).toBe(found.kind === 'io');
    }
  });

  test('measures its default targets, its baseline and its alias among all it knows', () => {
    expect(new Set(experiment.allTargets).size).toBe(experiment.allTargets.length);
    expect(experiment.allTargets).toEqual(expect.arrayContaining(experiment.defaultTargets));
    expect(experiment.defaultTargets).toContain(experiment.baseline);
    expect(['rotating', ...experiment.defaultTargets]).toContain(experiment.alias);
  });

  test('has a name for every comparison and claim, none of them twice', () => {
    for (const named of [experiment.comparisons, experiment.claims]) {
      expect(new Set(named.map(({ id }) => id)).size).toBe(named.length);
    }
  });

  test('claims only what its comparisons and targets can show', () => {
    const known = experiment.comparisons.map(({ id }) => id);
    for (const claim of experiment.claims) {
      expect(known).toEqual(expect.arrayContaining(comparisonsOf(claim)));
      expect(experiment.allTargets).toEqual(expect.arrayContaining(claim.targets));
    }
  });

  test('asks for enough blocks by default that a verdict is possible', () => {
    expect(experiment.blocks.default).toBeGreaterThanOrEqual(experiment.blocks.minimum);
  });

  test('leaves no request of a window without the time to be answered', () => {
    for (const { load } of experiment.comparisons) {
      expect(load.warmup.maximumSeconds).toBeGreaterThanOrEqual(load.warmup.minimumSeconds);
      expect(load.window.maximumSeconds).toBeGreaterThanOrEqual(load.window.seconds);
      expect(load.timeoutSeconds).toBeGreaterThan(load.drain.maximumSeconds);
    }
  });
});

test.each([
  ['quik', 'did you mean quick?'],
  ['photosynthesis', 'choose one of those allowed'],
])('asking for the experiment %j is answered with: %s', (id, remedy) => {
  try {
    findExperiment(id);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ code: 'E_UNKNOWN_EXPERIMENT', given: id, remedy });
  }
});
