import type { Metric, Verdict } from '@photofinish/schema';
import { describe, expect, it } from 'vitest';
import { counted, levelText, percent, range, significant, whole } from './number.ts';
import { inUnit, quantity, unitFor } from './unit.ts';
import { gateText, verdictLabel } from './verdict.ts';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [5120, '5,120'],
    [48_321, '48,300'],
    [1_234_567, '1,230,000'],
    [48.321, '48.3'],
    [9.996, '10.0'],
    [0.12345, '0.123'],
    [0.000012345, '0.0000123'],
    [999.6, '1,000'],
  ])('%d reads %s', (value, expected) => {
    expect(significant(value)).toBe(expected);
  });

  it.each([
    [0.05, '5\u00a0%'],
    [0.123, '12.3\u00a0%'],
    [0.0034, '0.3\u00a0%'],
    [0, '0\u00a0%'],
    [41.6, '4,160\u00a0%'],
  ])('the fraction %d reads %s', (fraction, expected) => {
    expect(percent(fraction)).toBe(expected);
  });

  it('counts, gives ranges and levels', () => {
    expect(counted(1, 'block')).toBe('1\u00a0block');
    expect(counted(1200, 'trial')).toBe('1,200\u00a0trials');
    expect(range(0.98, 1.03)).toBe('0.980 to 1.03');
    expect(levelText(0.9916)).toBe('99.2\u00a0%');
    expect(whole(12_345)).toBe('12,345');
  });
});

describe('units', () => {
  it.each<[Metric, number[], string]>([
    ['response-time-p50', [0.0503, 0.398], 'ms'],
    ['response-time-p50', [0.0004, 0.0009], 'µs'],
    ['cpu-per-request', [0.00333, 0.217], 'ms'],
    ['response-time-p99', [2, 16], 's'],
    ['memory', [25e6, 3e8], 'MiB'],
    ['memory', [], 'KiB'],
    ['throughput', [4.6, 5100], '/s'],
  ])('of %s over %j are %s, one for the whole column', (metric, values, symbol) => {
    expect(unitFor(metric, values).symbol).toBe(symbol);
  });

  it('convert for display only', () => {
    expect(inUnit(0.0503, unitFor('response-time-p50', [0.0503]))).toBe('50.3');
    expect(quantity('memory', 64 * 1024 ** 2)).toBe('64.0\u00a0MiB');
  });
});

describe('a verdict in glyph and word', () => {
  const verdict = (word: Verdict['verdict'], direction: Verdict['direction'], metric: Metric = 'throughput') =>
    verdictLabel({ verdict: word, direction, metric, margin: 0.05 } as Verdict);

  it.each<[Verdict['verdict'], Verdict['direction'], Metric, string, string]>([
    ['different', 'better', 'throughput', '▲ Faster', 'good'],
    ['different', 'worse', 'throughput', '▼ Slower', 'bad'],
    ['different', 'better', 'cpu-per-request', '▲ Cheaper', 'good'],
    ['different', 'worse', 'memory', '▼ Larger', 'bad'],
    ['different-but-may-be-small', 'better', 'response-time-p50', '△ Quicker, may be small', 'good'],
    ['different-but-may-be-small', 'worse', 'response-time-p99', '▽ Slower, may be small', 'bad'],
    ['practically-equivalent', null, 'throughput', '= Same within 5\u00a0%', 'plain'],
    ['inconclusive', null, 'throughput', '? Cannot tell', 'muted'],
    ['no-verdict', null, 'throughput', '⊘ No verdict', 'muted'],
  ])('%s, %s on %s is %s', (word, direction, metric, shown, tone) => {
    const label = verdict(word, direction, metric);
    expect(`${label.glyph} ${label.word}`).toBe(shown);
    expect(label.tone).toBe(tone);
    expect(label.ascii).toMatch(/^[\x20-\x7e]+$/);
  });

  it('names the gate that refused, with reading and limit', () => {
    expect(gateText({ gate: 'blocks', passed: false, reading: '2', limit: 'at least 3' })).toBe(
      'valid blocks: 2 (limit: at least 3)',
    );
  });
});
