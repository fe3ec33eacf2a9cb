/**
 * The xorshift kernel: seed 0x9E3779B9, the sum of the states after each of `steps` steps modulo 2^32, as 8 hexadecimal digits.
 * State and sum are signed 32-bit integers all the way (`| 0`), which V8 keeps in registers; only the printed sum is made unsigned.
 */
export const spin = (steps: number): string => {
  let state = 0x9e3779b9 | 0;
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    sum = (sum + state) | 0;
  }
  return (sum >>> 0).toString(16).padStart(8, '0');
};
