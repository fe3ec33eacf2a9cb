import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readDigits } from './digits.ts';

const cases: readonly (readonly [word: string, value: number | undefined])[] = [
  ['1', 1],
  ['1000000000', 1_000_000_000],
  ['0001000000000', 1_000_000_000],
  [`${'0'.repeat(10_000)}9`, 9],
  ['1000000001', undefined],
  ['18446744073709551617', undefined],
  ['9'.repeat(10_000), undefined],
  ['0', undefined],
  ['000', undefined],
  ['', undefined],
  ['-1', undefined],
  ['1_0', undefined],
  ['1\n', undefined],
  ['\u0661', undefined],
  ['\uff11', undefined],
];

for (const [word, value] of cases) {
  const shown = word.length > 30 ? `${word.slice(0, 5)}... (${word.length} characters)` : JSON.stringify(word);
  it(`reads ${shown} between 1 and 10^9 as ${value ?? 'bad'}`, () => {
    assert.equal(readDigits(word, 1, 1_000_000_000), value);
  });
}
