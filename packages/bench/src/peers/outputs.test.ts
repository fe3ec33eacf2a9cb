import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MeasurementError } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { readAutocannon } from './autocannon.ts';
import { readH2load } from './h2load.ts';
import { readK6 } from './k6.ts';
import { readOha } from './oha.ts';
import { readOwn } from './own.ts';
import type { Reading } from './peer.ts';
import { readVegeta } from './vegeta.ts';
import { readWrk } from './wrk.ts';

const captured = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');

describe('what a peer printed is read in requests and seconds', () => {
  test.each<[string, Reading, Reading]>([
    [
      'wrk',
      readWrk(captured('wrk-closed.txt')),
      {
        requests: 66_387,
        errors: 0,
        rate: 66_014.874,
        times: { mean: 0.000422114, p50: 0.000178, p95: 0.002406, p99: 0.004059 },
        slowShare: 0,
        failedGates: [],
      },
    ],
    [
      'h2load, with its log of the first 200 requests',
      readH2load(captured('h2load-rate.txt'), captured('h2load-rate-requests.txt')),
      {
        requests: 5000,
        errors: 0,
        rate: 5000,
        times: { mean: 0.000628165, p50: 0.000515, p95: 0.001235, p99: 0.001281 },
        slowShare: 0,
        failedGates: [],
      },
    ],
    [
      'oha, whose requests cut off by the end are no errors',
      readOha(captured('oha-closed.json')),
      {
        requests: 115_401,
        errors: 0,
        rate: 115_196.38,
        times: { mean: 0.000432428, p50: 0.000387492, p95: 0.000570147, p99: 0.000617227 },
        slowShare: null,
        failedGates: [],
      },
    ],
    [
      'vegeta',
      readVegeta(captured('vegeta-rate.json')),
      {
        requests: 5000,
        errors: 0,
        rate: 5000.0825,
        times: { mean: 0.000201765, p50: 0.000077917, p95: 0.000788048, p99: 0.003838394 },
        slowShare: null,
        failedGates: [],
      },
    ],
    [
      'k6',
      readK6(captured('k6-rate.json')),
      {
        requests: 4955,
        errors: 0,
        rate: 4953.468,
        times: { mean: 0.000545533, p50: 0.000130406, p95: 0.002996966, p99: 0.008870338 },
        slowShare: null,
        failedGates: [],
      },
    ],
    [
      'autocannon, which has no 95th percentile',
      readAutocannon(captured('autocannon-rate.json')),
      {
        requests: 5087,
        errors: 0,
        rate: 5036.634,
        times: { mean: 0.00111, p50: 0, p95: null, p99: 0.01 },
        slowShare: null,
        failedGates: [],
      },
    ],
  ])('%s', (_name, { rate, times, ...counts }, { rate: expectedRate, times: expectedTimes, ...expected }) => {
    expect(counts).toEqual(expected);
    expect(rate).toBeCloseTo(expectedRate, 1);
    for (const name of ['mean', 'p50', 'p95', 'p99'] as const) {
      const wanted = expectedTimes[name];
      if (wanted === null) expect(times[name]).toBeNull();
      else expect(times[name]).toBeCloseTo(wanted, 8);
    }
  });

  test.each([
    ['wrk', readWrk(captured('wrk-errors.txt'))],
    ['h2load', readH2load(captured('h2load-errors.txt'), null)],
    ['oha', readOha(captured('oha-errors.json'))],
  ])('%s counts each fourth answer as an error where each fourth is one', (_name, { requests, errors }) => {
    expect(errors / (requests + errors)).toBeCloseTo(0.25, 3);
  });

  test.each([
    ['wrk', readWrk],
    ['h2load', (output: string) => readH2load(output, null)],
    ['oha', readOha],
    ['vegeta', readVegeta],
    ['k6', readK6],
    ['autocannon', readAutocannon],
    ['photofinish-native', readOwn],
  ])('%s: an output without a result is an error that shows it', (_name, read) => {
    for (const output of ['', 'connection refused', '{"total":1}']) {
      try {
        read(output);
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(MeasurementError);
        expect((error as MeasurementError).given).toBe(output);
      }
    }
  });
});
