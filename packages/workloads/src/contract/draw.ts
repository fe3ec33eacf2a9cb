import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws of a verification, the same for the same seed. */
export interface Draw {
  /** A whole number between two others, both included. */
  between(from: number, to: number): number;
  /** One of the list. */
  oneOf<T>(list: readonly [T, ...T[]]): T;
}

/** A source of draws. Each endpoint has its own, so that leaving one out changes nothing in the others. */
export function drawFrom(seed: number, endpoint: string): Draw {
  // FNV-1a, 32 bits (Fowler, Noll, Vo): any mixing of the two will do.
  let mixed = (seed ^ Math.floor(seed / 2 ** 32)) | 0;
  for (const letter of endpoint) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193);
  const source = xoroshiro128plus(mixed);
  const between = (from: number, to: number) => uniformInt(source, from, to);
  return { between, oneOf: (list) => list[between(0, list.length - 1)] ?? list[0] };
}
