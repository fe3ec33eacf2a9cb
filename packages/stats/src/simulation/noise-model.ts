import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A source of uniform numbers in [0, 1), the same sequence for the same seed. */
export type Uniform = () => number;

/** Uniform numbers from a seed. */
export function seededUniform(seed: number): Uniform {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** Spread of the logarithm of a trial's value: what a block does to all its trials, and what is left to each. */
export interface Noise {
  readonly betweenBlocks: number;
  readonly withinBlock: number;
}

/** The noise of the method's simulation: 5 % from block to block, 2 % within. */
export const methodNoise: Noise = { betweenBlocks: 0.05, withinBlock: 0.02 };

/**
 * Log-ratios of targets to one shared baseline in simulated blocks: `result[target][block]`. `truths` are the true ratios. A block's own effect
 * moves all its trials alike and leaves the ratio; the baseline's noise is in all ratios of its block.
 */
export function simulateFamily(uniform: Uniform, truths: readonly number[], blocks: number, noise: Noise): number[][] {
  const family = truths.map((): number[] => []);
  for (let block = 0; block < blocks; block += 1) {
    const effect = noise.betweenBlocks * normal(uniform);
    const baseline = Math.exp(effect + noise.withinBlock * normal(uniform));
    truths.forEach((truth, index) => {
      const target = truth * Math.exp(effect + noise.withinBlock * normal(uniform));
      family[index]?.push(Math.log(target / baseline));
    });
  }
  return family;
}

/** A standard normal number (G. E. P. Box and M. E. Muller, Annals of Mathematical Statistics 29, 1958). */
export function normal(uniform: Uniform): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Throughput in simulated replicates of every level: `result[replicate][level]`, the truth times what a replicate does to all its levels and what is left to each. */
export function simulateLevels(
  uniform: Uniform,
  truths: readonly number[],
  replicates: number,
  noise: Noise,
): number[][] {
  return Array.from({ length: replicates }, () => {
    const effect = noise.betweenBlocks * normal(uniform);
    return truths.map((truth) => truth * Math.exp(effect + noise.withinBlock * normal(uniform)));
  });
}
