import {
  EnvironmentError,
  EnvironmentLostError,
  InterruptedError,
  LeaseError,
  MeasurementError,
  ResultsError,
  UsageError,
} from '@photofinish/schema';
import { expect, test } from 'vitest';
import { exitCodeOf } from './exit-code.ts';

const parts = { what: 'something', remedy: 'mend it' };

test.each([
  ['a usage error', new UsageError('E', parts), 2],
  ['a missing part of the machine', new EnvironmentError('E', parts), 3],
  ['a failed measurement', new MeasurementError('E', parts), 4],
  ['damaged results', new ResultsError('E', parts), 7],
  ['cores that are taken', new LeaseError('E', parts), 8],
  ['a disk that filled up', new EnvironmentLostError('E', parts), 9],
  ['Ctrl-C', new InterruptedError('SIGINT', parts), 130],
  ['SIGTERM', new InterruptedError('SIGTERM', parts), 143],
  ['a bug', new TypeError('undefined is not a function'), 1],
  ['something thrown that is no error', 'oops', 1],
])('%s ends with its code', (_what, error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});
