import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStrictJson } from './strict-json.ts';

test.each([
  ['{"a":1,"b":2,"a":3}', 'the key "a" occurs twice (line 1, column 14)'],
  ['{"a":1,\n "\\u0061":3}', 'the key "a" occurs twice (line 2, column 2)'],
  ['{"__proto__":{"polluted":true}}', 'the key __proto__ is not allowed (line 1, column 2)'],
  ['{"\\u005f_proto__":1}', 'the key __proto__ is not allowed'],
  ['{"x":[{"constructor":1}]}', 'the key constructor is not allowed'],
  ['{"prototype":1}', 'the key prototype is not allowed'],
  ['{"n":9007199254740993}', 'a whole number beyond 2^53'],
  ['[-9007199254740993]', 'a whole number beyond 2^53'],
  [`${'['.repeat(41)}${']'.repeat(41)}`, 'nested deeper than 40 levels (line 1, column 41)'],
  ['['.repeat(1_000_000), 'nested deeper than 40 levels'],
  ['{"a":"never closed', 'a string without an end'],
  ['{"a":"ends in an escape \\"', 'a string without an end'],
  ['{a:1}', 'not JSON'],
  ['{"a":NaN}', 'not JSON'],
  ['{"a":1}{', 'not JSON'],
  ['\ufeff{}', 'not JSON'],
  ['', 'not JSON'],
])('refuses %.60j', (text, reason) => {
  expect(() => parseStrictJson(text)).toThrow(SyntaxError);
  expect(() => parseStrictJson(text)).toThrow(reason);
});

test('refuses a document of too many keys without building it', () => {
  const text = `[${Array.from({ length: 30 }, () => '{"a":1}').join()}]`;
  expect(() => parseStrictJson(text, { depth: 10, keys: 29 })).toThrow('more than 29 keys');
  expect(parseStrictJson(text, { depth: 10, keys: 30 })).toHaveLength(30);
});

test('takes the same key in different objects, and values that look like keys', () => {
  const value = { a: { a: 'a' }, b: ['__proto__', 'a', 'a', '{"a":1,"a":2}', '\\', '"', '\\"'], c: 1e300, d: -0.5 };
  expect(parseStrictJson(JSON.stringify(value, null, 2))).toEqual(value);
});

test('reads back every value that JSON can hold', () => {
  const key = fc.string().filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false),
      fc.string(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Number.isInteger(n)),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(key, tie('value'), { maxKeys: 5 }),
    ),
  }));
  fc.assert(
    fc.property(value, fc.constantFrom(0, 2), (given, indent) => {
      const text = JSON.stringify(given, null, indent);
      expect(parseStrictJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('gives of any text what JSON.parse gives, or refuses it', () => {
  const broken = fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 })).map(([text, at, put]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + put + text.slice(place + put.length);
  });
  fc.assert(
    fc.property(fc.oneof(fc.string(), broken), (text) => {
      let parsed: unknown;
      try {
        parsed = parseStrictJson(text);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
        return;
      }
      expect(parsed).toEqual(JSON.parse(text));
    }),
    { numRuns: 500 },
  );
});
