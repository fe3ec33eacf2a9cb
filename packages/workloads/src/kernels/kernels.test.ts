import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { payloadFacts, payloadText, reducePayload } from './payload.ts';
import { spin } from './spin.ts';
import { xs32Draws } from './xs32.ts';

describe('xs32', () => {
  test('gives the bytes that the contract digests: seed 1, the low byte of each step, 64 KiB', () => {
    const draw = xs32Draws(1);
    const bytes = Uint8Array.from({ length: 65_536 }, () => draw() & 255);
    expect(Buffer.from(bytes.subarray(0, 8)).toString('hex')).toBe('2101c54fd1d01ab2');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '0f1c194092e672fda74c37810183553bfe03e91c65624a136ba74de641c542e8',
    );
  });

  test('agrees with arithmetic on big integers, which knows no sign and no overflow', () => {
    const mask = 0xffff_ffffn;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 0xffff_ffff }), (seed) => {
        const draw = xs32Draws(seed);
        let state = BigInt(seed);
        for (let step = 0; step < 20; step++) {
          state ^= (state << 13n) & mask;
          state ^= state >> 17n;
          state ^= (state << 5n) & mask;
          expect(BigInt(draw())).toBe(state);
        }
      }),
    );
  });
});

describe('the spin kernel', () => {
  test.each([
    [5_000_000, '6648fc4f'],
    [50_000_000, 'de142372'],
  ])('of %i steps gives the golden value %s', (steps, golden) => {
    expect(spin(steps)).toBe(golden);
  });

  test('is the sum of the drawn states modulo 2^32, in 8 digits even when the sum is small', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), (steps) => {
        const draw = xs32Draws(0x9e3779b9);
        let sum = 0n;
        for (let step = 0; step < steps; step++) sum += BigInt(draw());
        expect(spin(steps)).toBe((sum & 0xffff_ffffn).toString(16).padStart(8, '0'));
      }),
    );
    expect(spin(0)).toBe('00000000');
  });
});

describe('payload.json', () => {
  const text = payloadText();

  test('has the length and the digest of the contract and is pure ASCII', () => {
    expect(Buffer.byteLength(text)).toBe(payloadFacts.bytes);
    expect(text).toHaveLength(payloadFacts.bytes);
    expect(createHash('sha256').update(text).digest('hex')).toBe(payloadFacts.sha256);
  });

  test('is reduced to the golden checksum line', () => {
    expect(reducePayload(text)).toBe(payloadFacts.reduced);
  });

  test('keeps the escape of the accented letter, which counts as one character when it is decoded', () => {
    expect(text).toContain('"note":"caf\\u00e9 19999"}]');
    const one = '[{"id":7,"user":"u0","qty":3,"price":11,"active":true,"tags":["a","b"],"note":"caf\\u00e9"}]';
    expect(reducePayload(one)).toBe('1:7:3:11:1:8');
  });
});
