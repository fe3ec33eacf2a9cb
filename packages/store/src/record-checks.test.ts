import { deflateSync } from 'node:zlib';
import type { OkTrial, TrialHistograms } from '@photofinish/schema';
import { expect, test } from 'vitest';
import { finishAttempt } from './attempt.ts';
import { failedDraft, okDraft, sampleHistograms } from './mock/sample-attempts.ts';
import { samplePlan } from './mock/sample-run.ts';
import { contradictions } from './record-checks.ts';

const plan = samplePlan();
const runId = '20260131T120000Z-0a1b2c';
const trialId = 'timer.b01.t01';

function soundContext(): { record: OkTrial; histograms: TrialHistograms } {
  const histograms = sampleHistograms(trialId, 1);
  const { record } = finishAttempt(plan, runId, 0, okDraft(plan, runId, trialId, 1), histograms);
  if (record.state !== 'ok') throw new TypeError('the sample is an ok trial');
  return { record: structuredClone(record), histograms: structuredClone(histograms) };
}

test('a sound record has no contradictions', () => {
  expect(contradictions({ plan, runId, ...soundContext() })).toEqual([]);
});

test('a record without a measurement needs no histograms', () => {
  const { record } = finishAttempt(plan, runId, 0, failedDraft(plan, runId, trialId, 1), null);
  expect(contradictions({ plan, runId, record, histograms: null })).toEqual([]);
});

/** Eight bytes of cookie and length, as HdrHistogram V2 has them, and then the deflated payload. */
const encoded = (payload: Buffer) => Buffer.concat([Buffer.alloc(8), deflateSync(payload)]).toString('base64');

type Change = (record: OkTrial, histograms: TrialHistograms) => void;

test.each<[string, Change, string]>([
  [
    'a comma shifted in the throughput',
    ({ measurement }) => (measurement.throughput = 1980),
    'throughput times window is 3960.0, completed are 396',
  ],
  ['a throughput 1.1 % too high', ({ measurement }) => (measurement.throughput *= 1.011), 'throughput times window'],
  [
    'more ends than beginnings',
    ({ measurement }) => (measurement.errors.reset = 1),
    '401 requests answered, censored or errored, of 400 intended',
  ],
  [
    'fewer times than answers',
    ({ measurement }) => (measurement.responseTime.count = 399),
    '399 values for 400 answered',
  ],
  [
    'a median below its histogram',
    ({ measurement }) => (measurement.responseTime.p50 = 0.045),
    'p50 is 0.055999 s in its histogram, 0.045 s in the record',
  ],
  ['quantiles that fall', ({ measurement }) => (measurement.serviceTime.p90 = 0.07), 'p90 0.07 s lies above p95'],
  [
    'a maximum below p99',
    ({ measurement }) => (measurement.sendDelay.maximum = 0.0001),
    'p99 0.000891 s lies above maximum',
  ],
  [
    'a mean above the maximum',
    ({ measurement }) => (measurement.responseTime.mean = 0.1),
    'the mean lies above the maximum',
  ],
  [
    'the histogram of another trial',
    (_, histograms) => (histograms.trialId = 'timer.b01.t02'),
    'the histograms are of attempt 1 at timer.b01.t02',
  ],
  [
    'a file name of another trial',
    ({ measurement }) => (measurement.histograms.file = 'raw/x'),
    'names the histograms of something else',
  ],
  [
    'a histogram of other times',
    (_, histograms) => (histograms.responseTime = histograms.sendDelay),
    's in its histogram',
  ],
  ['an empty histogram', (_, histograms) => (histograms.serviceTime = histograms.errorTime), 'holds 0 values'],
  [
    'a text that is no histogram',
    (_, histograms) => (histograms.schedulerLag = 'AAAA'),
    'schedulerLag: its histogram cannot be decoded',
  ],
  [
    'a histogram that inflates to 16 MiB',
    (_, histograms) => (histograms.responseTime = encoded(Buffer.alloc(2 ** 24))),
    'larger than 1048576 bytes',
  ],
  ['another run', (record) => (record.runId = '20260131T120000Z-ffffff'), 'run is 20260131T120000Z-ffffff'],
  ['another plan', (record) => (record.planHash = 'f'.repeat(64)), 'plan hash is'],
  [
    'another target',
    (record) => (record.targetId = 'go/goroutines'),
    'target is go/goroutines, the plan has node/async-await',
  ],
  ['another cell', (record) => (record.cellId = 'f'.repeat(16)), 'cell is'],
  ['a replicate that is not its block’s', (record) => (record.replicate = 2), 'replicate is 2'],
  ['a trial of another block', (record) => (record.blockId = 'timer.b02'), 'belongs to no trial of the plan'],
  [
    'another number of connections',
    ({ measurement }) => (measurement.connections = 9),
    'number of connections is 9, the plan has 10',
  ],
  ['an open loop where the plan has a closed one', ({ measurement }) => (measurement.loop = 'open'), 'loop is open'],
])('%s is told', (_, change, reason) => {
  const { record, histograms } = soundContext();
  change(record, histograms);
  expect(contradictions({ plan, runId, record, histograms }).join('; ')).toContain(reason);
});

test('a measurement without its histograms is told', () => {
  const { record } = soundContext();
  expect(contradictions({ plan, runId, record, histograms: null })).toContain('the measurement has no histograms');
});

test('a quantile that cannot be estimated contradicts nothing', () => {
  const { record, histograms } = soundContext();
  const { measurement } = record;
  Object.assign(measurement, { answered: 380, censored: 20 });
  Object.assign(measurement.responseTime, { p99: null, p95: null, mean: null, maximum: null });
  expect(contradictions({ plan, runId, record, histograms })).toEqual([]);
});
