import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { oneOf, readQuery, splitTarget, wholeNumber } from './query.ts';

const parameters = { ms: wholeNumber(0, 100), times: wholeNumber(1, 10, 1), at: oneOf('here', 'there') };

describe('a query', () => {
  const cases: readonly (readonly [query: string, expected: ReturnType<typeof readQuery<typeof parameters>>])[] = [
    ['ms=5&times=2&at=here', { read: { ms: 5, times: 2, at: 'here' } }],
    ['at=there&ms=5', { read: { ms: 5, times: 1, at: 'there' } }],
    ['&ms=5&&at=here&', { read: { ms: 5, times: 1, at: 'here' } }],
    ['msx=1&xms=1&ms=5&at=here&x=1&x=2', { read: { ms: 5, times: 1, at: 'here' } }],
    ['times=0&at=nowhere', { bad: 'ms' }],
    ['at=nowhere&times=0&ms=1', { bad: 'times' }],
    ['ms=1&times=2&times=2&at=here', { bad: 'times' }],
    ['ms=1', { bad: 'at' }],
    ['ms=1&at=here=', { bad: 'at' }],
  ];
  for (const [query, expected] of cases) {
    it(`${query} gives ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(readQuery(parameters, query), expected);
    });
  }
});

describe('a request target', () => {
  const cases: readonly (readonly [target: string, path: string, query: string])[] = [
    ['/timer', '/timer', ''],
    ['/timer?', '/timer', ''],
    ['/timer?ms=1?', '/timer', 'ms=1?'],
    ['http://127.0.0.1:80/timer?ms=1', '/timer', 'ms=1'],
    ['//timer', '//timer', ''],
    ['*', '*', ''],
  ];
  for (const [target, path, query] of cases) {
    it(`${target} splits into path ${path} and query "${query}"`, () => {
      assert.deepEqual(splitTarget(target), { path, query });
    });
  }
});
