import { describe, expect, test } from 'vitest';
import { fitScalability } from '../scaling/fit.ts';
import { capacityRatio, peakCurvature, type ScalabilityParameters } from '../scaling/scalability-law.ts';
import { methodNoise, seededUniform, simulateLevels } from './noise-model.ts';

const experiments = 1500;

/** Shares of simulated experiments whose 95 % intervals hold the true parameters, and share of those refused. */
function coverage(truth: ScalabilityParameters, levels: readonly number[], blocks: number) {
  const uniform = seededUniform(4242 + blocks + levels.length);
  const truths = levels.map((cores) => 800 * capacityRatio(cores, truth));
  const peak = 1 / Math.sqrt(peakCurvature(truth));
  const held = { alpha: 0, beta: 0, peak: 0, refused: 0 };
  for (let experiment = 0; experiment < experiments; experiment += 1) {
    const replicates = simulateLevels(uniform, truths, blocks, methodNoise).map((throughputs) =>
      throughputs.map((throughput, index) => ({ cores: levels[index] ?? 1, throughput })),
    );
    const fit = fitScalability(replicates);
    if (fit.kind === 'refused') {
      held.refused += 1;
      continue;
    }
    const { alpha, beta } = fit;
    if (isWithin(truth.alpha, alpha.interval)) held.alpha += 1;
    if (isWithin(truth.beta, beta.interval)) held.beta += 1;
    if (isWithin(peak, fit.peak.interval)) held.peak += 1;
  }
  const fits = experiments - held.refused;
  return {
    alpha: held.alpha / fits,
    beta: held.beta / fits,
    peak: held.peak / fits,
    refused: held.refused / experiments,
  };
}

function isWithin(value: number, interval: { lower: number; upper: number | null } | null): boolean {
  return interval !== null && interval.lower <= value && value <= (interval.upper ?? Number.POSITIVE_INFINITY);
}

const doubling = [1, 2, 4, 8];

describe('95 % intervals of the scalability law under block noise of 5 % and trial noise of 2 %', () => {
  test.each<[string, ScalabilityParameters, number[], number]>([
    ['contention and coherency', { alpha: 0.05, beta: 0.01 }, doubling, 5],
    ['contention and coherency', { alpha: 0.05, beta: 0.01 }, doubling, 10],
    ['much of both', { alpha: 0.3, beta: 0.02 }, doubling, 5],
    ['much of both', { alpha: 0.3, beta: 0.02 }, [1, 2, 4, 8, 16, 32], 10],
    ['nearly linear growth', { alpha: 0.02, beta: 0.001 }, [1, 2, 4, 8, 16], 10],
    ['a peak within the levels', { alpha: 0.1, beta: 0.05 }, doubling, 5],
  ])('hold the truth in 93 to 97 of 100 for %s: %j, cores %j, %d blocks', (_what, truth, levels, blocks) => {
    const shares = coverage(truth, levels, blocks);
    expect(shares.refused).toBeLessThanOrEqual(0.005);
    for (const share of [shares.alpha, shares.beta, shares.peak]) {
      expect(share).toBeGreaterThanOrEqual(0.93);
      expect(share).toBeLessThanOrEqual(0.97);
    }
  });

  test.each<[string, ScalabilityParameters]>([
    ['linear growth', { alpha: 0, beta: 0 }],
    ['Amdahl’s law', { alpha: 0.05, beta: 0 }],
  ])(
    'hold the truth at least as often for %s, where it lies at the border, and refuse it in 1 of 100 at most',
    (_what, truth) => {
      const shares = coverage(truth, doubling, 5);
      expect(shares.refused).toBeLessThanOrEqual(0.01);
      for (const share of [shares.alpha, shares.beta, shares.peak]) expect(share).toBeGreaterThanOrEqual(0.93);
    },
  );
});
