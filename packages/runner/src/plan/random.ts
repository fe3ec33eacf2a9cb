import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded source of whole numbers: the same seed gives the same numbers on every machine. */
export interface RandomSource {
  /** A uniform whole number, both ends included. */
  between(lowest: number, highest: number): number;
}

/** xoroshiro128+ (Blackman and Vigna 2018) from pure-rand. */
export function randomSource(seed: number): RandomSource {
  const generator = xoroshiro128plus(seed);
  return { between: (lowest, highest) => uniformInt(generator, lowest, highest) };
}

/** A uniformly random order (Fisher and Yates; Durstenfeld 1964, Algorithm 235). */
export function shuffled<T>(items: readonly T[], random: RandomSource): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const pick = random.between(0, last);
    const held = order[last] as T;
    order[last] = order[pick] as T;
    order[pick] = held;
  }
  return order;
}
