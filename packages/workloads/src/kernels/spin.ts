import { xs32 } from './xs32.ts';

const seed = 0x9e3779b9;

/** The spin kernel of the contract: the sum of the states after each of `steps` steps, modulo 2^32, as 8 lower-case hexadecimal digits. */
export function spin(steps: number): string {
  let state = seed | 0;
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    state = xs32(state);
    sum = (sum + state) | 0;
  }
  return (sum >>> 0).toString(16).padStart(8, '0');
}
