/**
 * One step of the 32-bit xorshift generator with shifts 13, 17, 5 (Marsaglia 2003, "Xorshift RNGs", Journal of Statistical Software 8(14)):
 * the next state, a signed 32-bit integer. 32 bits because JavaScript has no fast 64-bit integer.
 */
export function xs32(state: number): number {
  let next = state;
  next ^= next << 13;
  next ^= next >>> 17;
  next ^= next << 5;
  return next;
}

/** A source of draws: each call steps the state and yields it as an unsigned 32-bit number. */
export function xs32Draws(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = xs32(state);
    return state >>> 0;
  };
}
