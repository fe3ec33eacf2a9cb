import { describe, expect, test } from 'vitest';
import { atLeast, metricWords, ratioText } from './wording.ts';

describe('a ratio', () => {
  test.each([
    [0.12504, '0.125'],
    [3.9712, '3.97'],
    [0.997, '0.997'],
    [1.0031, '1.003'],
    [1.0999, '1.100'],
    [65.23, '65.2'],
    [1234.4, '1,230'],
    [1e9, 'over a million'],
    [0, 'under a millionth'],
  ])('%d is written %s', (ratio, text) => {
    expect(ratioText(ratio)).toBe(text);
  });
});

describe('the least that is true of a difference', () => {
  test.each([
    [{ lower: 1.128, upper: 1.3 }, 'throughput', 'at least 12 % more'],
    [{ lower: 1.12, upper: 1.3 }, 'throughput', 'at least 12 % more'],
    [{ lower: 3.89, upper: 4.2 }, 'throughput', 'at least 3.8 times as many'],
    [{ lower: 0.24, upper: 0.26 }, 'throughput', 'at least 3.8 times fewer'],
    [{ lower: 0.8, upper: 0.9 }, 'throughput', 'at least 10 % fewer'],
    [{ lower: 2.04, upper: 2.2 }, 'cpu-per-request', 'at least 2.0 times as much'],
    [{ lower: 0.4, upper: 0.45 }, 'response-time-p50', 'at least 2.2 times shorter'],
    [{ lower: 12.9, upper: 14 }, 'response-time-p99', 'at least 12 times as long'],
    [{ lower: 1.505, upper: 1.7 }, 'memory', 'at least 50 % more'],
    [{ lower: 0, upper: 1e-9 }, 'throughput', 'at least a million times fewer'],
  ] as const)('%j of %s is %s', (bounds, metric, text) => {
    expect(atLeast({ ...bounds, level: 0.95 }, metricWords[metric]).replaceAll('\u00a0', ' ')).toBe(text);
  });
});
