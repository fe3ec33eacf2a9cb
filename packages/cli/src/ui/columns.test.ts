import { expect, test } from 'vitest';
import { aligned } from './columns.ts';

test('texts stand to the left, figures to the right, the last column as it is', () => {
  expect(
    aligned(
      [
        ['mode', 'truth', ''],
        ['a', '12.5 ms', 'passed'],
      ],
      1,
    ),
  ).toEqual(['mode    truth', 'a     12.5 ms  passed']);
});
