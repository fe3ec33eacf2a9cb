import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

describe('the edit distance', () => {
  test.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['saturday', 'sunday', 3],
    ['ab', 'ba', 1],
    ['ca', 'abc', 3],
  ])('between %j and %j is %i', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });

  test('is zero for equal words only, is the same in both directions and never exceeds the longer word', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance === 0).toBe(a === b);
        expect(editDistance(b, a)).toBe(distance);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('the nearest valid word', () => {
  const targets = ['node/async-await', 'node/cluster', 'python/threads', 'go/goroutines'];

  test.each([
    ['python/thread', 'python/threads'],
    ['pyhton/threads', 'python/threads'],
    ['GO/GOROUTINES', 'go/goroutines'],
    ['threads', 'python/threads'],
    ['go', 'go/goroutines'],
    ['node/clutser', 'node/cluster'],
  ])('to %j is %j', (word, valid) => {
    expect(nearest(word, targets)).toBe(valid);
  });

  test('is nothing when the word resembles none, so that nobody is sent the wrong way', () => {
    expect(nearest('erlang/processes', targets)).toBeNull();
    expect(nearest('x', targets)).toBeNull();
    expect(nearest('anything', [])).toBeNull();
  });
});
