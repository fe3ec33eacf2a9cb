import { type LoadScript, scriptedDistribution, scriptedResult } from '@photofinish/loadgen';
import { seconds } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { coloursFor } from '../ui/colours.ts';
import { accountOf } from './account.ts';
import { accountText } from './account-text.ts';
import { loadJob, requestedLoad } from './request.ts';

const address = { url: 'http://127.0.0.1:80/', host: '127.0.0.1', port: 80, authority: '127.0.0.1', path: '/' };
const pattern = { expected: { status: 200, contentType: 'text/plain', body: 'xx' }, comparison: 'answer' } as const;
const closed = requestedLoad({ duration: '2s', seed: '1', connections: '10' });
const open = requestedLoad({ duration: '2s', seed: '1', rate: '100', connections: '20' });

const resultOf = (load: typeof closed, script: LoadScript = {}) =>
  scriptedResult(loadJob(address, pattern, load, 1), script);
const account = (load: typeof closed, script: LoadScript = {}) =>
  accountOf(address, pattern, load, resultOf(load, script));
const plain = coloursFor({ isTTY: false }, {}, false);

describe('the account of a load', () => {
  test('has no warning when the generator kept up', () => {
    expect(account(open).warnings).toEqual([]);
    expect(account(closed).warnings).toEqual([]);
  });

  test.for([
    ['its loop was busy in a closed loop', closed, { failedGates: { occupancy: [1, 0.01] } }, 'was the bottleneck'],
    [
      'its loop was busy in an open loop',
      open,
      { failedGates: { occupancy: [0.5, 0.01] } },
      'busy above 70 % in 50.0 % of the seconds',
    ],
    ['it woke late', open, { failedGates: { 'scheduler-lag-p99': [0.002, 0.0002] } }, 'p99 of its lag is 2.000 ms'],
    ['it woke late on the whole', closed, { failedGates: { 'scheduler-lag-mean': [0.002, 0.0002] } }, 'woke late'],
    ['it was paused', closed, { failedGates: { 'scheduler-lag-longest': [0.2, 0.1] } }, 'for 200.000 ms'],
    ['ports are short', open, { failedGates: { ports: [0.9, 0.83] } }, 'ip_local_port_range'],
    ['descriptors are short', open, { failedGates: { descriptors: [0.9, 0.83] } }, 'ulimit -Hn'],
    ['the kernel lost traffic', closed, { failedGates: { kernel: [3, 0] } }, 'lost traffic'],
    ['too much never answered', open, { failedGates: { censored: [0.2, 0.01] } }, 'never answered'],
  ] as const)('warns when %s', ([, load, script, words]) => {
    const { warnings } = account(load, script);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(words);
  });

  test('tells the share that waited, in an open loop only, and that the pool was too small', () => {
    const result = resultOf(open);
    const [one] = result.classes;
    if (one === undefined) throw new Error('no class');
    const connectionWait = scriptedDistribution(Array.from({ length: 50 }, () => 0.05));
    const late = { ...result, classes: [{ ...one, connectionWait, poolHighWater: 20 }] };
    const told = accountOf(address, pattern, open, late);
    expect(told.waitedShare).toBeCloseTo(0.25, 9);
    expect(told.warnings[0]).toContain('waited for a free connection');
    expect(told.connectionWait?.p50).toBeCloseTo(0.05, 3);
    expect(accountText(told, plain)).toContain('20 of 20 connections in use at most');
    const users = { ...result, classes: [{ ...one, connectionWait }] };
    expect(accountOf(address, pattern, closed, users).waitedShare).toBeNull();
  });

  test('says in words which loop it was, and both times', () => {
    const text = accountText(account(open), plain);
    for (const words of ['open loop at 100/s', 'response time', 'service time', 'woke late by'])
      expect(text).toContain(words);
    const other = accountText(account(closed), plain);
    expect(other).toContain('closed loop of 10 users');
    expect(other).toContain('asks less while the server is slow');
  });

  test('says which address stood behind a name', () => {
    const named = { ...address, url: 'http://localhost:80/', host: '::1' };
    const told = accountOf(named, pattern, open, resultOf(open));
    expect(told.server).toBe('[::1]:80');
    expect(accountText(told, plain)).toMatch(/^http:\/\/localhost:80\/ at \[::1\]:80, open loop/);
    expect(accountText(account(open), plain)).toMatch(/^http:\/\/127\.0\.0\.1:80\/, open loop/);
  });

  test('says of an interrupted load how much of it there was', () => {
    const cut = { ...resultOf(open), window: { seconds: seconds(0.7) } };
    const told = accountOf(address, pattern, open, cut);
    expect(told).toMatchObject({ windowSeconds: 0.7, requestedSeconds: 2 });
    expect(told.warnings[0]).toBe('Interrupted: 0.7 s of the 2.0 s that were asked for.');
  });

  test('says when nothing but the status was compared', () => {
    expect(accountText(account(open), plain)).not.toContain('compared');
    const told = accountOf(address, { ...pattern, comparison: 'status' }, open, resultOf(open));
    expect(accountText(told, plain)).toContain('the status of each answer and nothing else');
  });

  test.for([
    [503, 'answers 503 here: these are the times of its refusals'],
    [302, 'answers 302 here, and redirects are not followed'],
  ] as const)('does not pass over that every answer is a %i', ([status, words]) => {
    const refusing = { ...pattern, expected: { ...pattern.expected, status } };
    expect(accountOf(address, refusing, open, resultOf(open)).warnings).toEqual([expect.stringContaining(words)]);
  });

  test('names the flag for answers that differ by nature', () => {
    expect(account(open, { errors: { length: 3 } }).warnings).toEqual([expect.stringContaining('--status-only')]);
  });

  test('says more closely what was wrong with an answer', () => {
    const result = resultOf(open, { errors: { malformed: 5, reset: 2 } });
    const none = { headTooLong: 0, head: 0, chunk: 0, trailing: 0, closedMidway: 0, timeoutMidway: 0, unasked: 0 };
    const errorDetails = { ...none, framing: 5, resetMidway: 1 };
    const told = { ...result, classes: result.classes.map((one) => ({ ...one, errorDetails })) };
    const text = accountText(accountOf(address, pattern, open, told), plain);
    expect(text).toContain('2 reset (1 in the middle of an answer), 5 malformed (5 whose end is not told');
  });

  test('counts errors by kind and what never answered', () => {
    const text = accountText(account(open, { errors: { reset: 3 }, censored: 2 }), plain);
    expect(text).toContain('3 reset');
    expect(text).toContain('2 when the drain ended');
    expect(text).toContain('not estimable');
  });
});
