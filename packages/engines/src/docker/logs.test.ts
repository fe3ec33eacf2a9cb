import { expect, test } from 'vitest';
import { unframed } from './logs.ts';

function framed(stream: number, text: string): Buffer {
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

test.each([
  ['nothing', []],
  [
    'an empty frame between two',
    [
      [1, 'one'],
      [1, ''],
      [1, 'two'],
    ],
  ],
  [
    'both streams',
    [
      [1, 'listening 8080\n'],
      [2, 'no luck today\n'],
    ],
  ],
  ['characters of several bytes', [[2, 'caf\u00e9 \u{1f600}\n']]],
] as [string, [number, string][]][])('%s comes back in its order', (_, frames) => {
  const log = Buffer.concat(frames.map(([stream, text]) => framed(stream, text)));
  expect(unframed(log)).toBe(frames.map(([, text]) => text).join(''));
});

test('a torn last frame is kept as far as it goes', () => {
  const log = Buffer.concat([framed(1, 'whole\n'), framed(2, 'torn off').subarray(0, 12)]);
  expect(unframed(log)).toBe('whole\ntorn');
  expect(unframed(framed(1, 'no head').subarray(0, 5))).toBe('');
});
