import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { payload } from '../../test/payload.ts';
import { reduceJson } from './json.ts';
import { spin } from './spin.ts';

/** The xorshift kernel in unsigned arithmetic of arbitrary size: slow, and free of any 32-bit trick. */
const spinInBigIntegers = (steps: number): string => {
  const word = 0xffff_ffffn;
  let state = 0x9e3779b9n;
  let sum = 0n;
  for (let step = 0; step < steps; step++) {
    state ^= (state << 13n) & word;
    state ^= state >> 17n;
    state ^= (state << 5n) & word;
    sum = (sum + state) & word;
  }
  return sum.toString(16).padStart(8, '0');
};

describe('the spin kernel', () => {
  it('gives the golden value of 5 million steps', () => assert.equal(spin(5_000_000), '6648fc4f'));
  it('gives the golden value of 50 million steps', () => assert.equal(spin(50_000_000), 'de142372'));
  for (const steps of [1, 2, 3, 10, 100, 12_345]) {
    it(`agrees with big integers after ${steps} steps`, () => assert.equal(spin(steps), spinInBigIntegers(steps)));
  }
});

describe('the json kernel', () => {
  const text = payload();
  it('is fed the payload of the contract', () => {
    assert.equal(Buffer.byteLength(text), 2_434_165);
    assert.equal(
      createHash('sha256').update(text).digest('hex'),
      '31c5f20b5001d3eb05f4467ae3f106c97db3525d63ce427d3db6f4874e8811e7',
    );
  });
  it('gives the golden checksum line', () => {
    assert.equal(reduceJson(text, 1), '20000:3057911568:9994569:4015531070:9930:428890');
  });
  it('parses anew on every round: the text decides, not the round before', () => {
    const one = '[{"id":7,"user":"uab","qty":2,"price":3,"active":true,"tags":["t1"],"note":"caf\\u00e9"}]';
    assert.equal(reduceJson(one, 3), '1:7:2:3:1:8');
    assert.equal(reduceJson('[]', 1), '0:0:0:0:0:0');
  });
});
