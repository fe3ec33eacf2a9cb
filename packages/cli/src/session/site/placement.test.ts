import { UsageError } from '@photofinish/schema';
import { expect, test } from 'vitest';
import { containerLimits, containerPlacement } from './placement.ts';

test.each([
  [null, true, 'bridge', 'same-host'],
  ['published', true, 'published', 'same-host'],
  ['host', true, 'host', 'same-host'],
  [null, false, 'published', 'two-host'],
  ['host', false, 'host', 'two-host'],
] as const)('network %s, same host %s: reached by %s', (wanted, sameHost, network, topology) => {
  expect(containerPlacement(wanted, sameHost)).toEqual({ network, topology, limits: containerLimits });
});

test('a bridge of another machine is refused: nothing here can reach it', () => {
  expect(() => containerPlacement('bridge', false)).toThrow(UsageError);
});
