import { describe, expect, test } from 'vitest';
import { cpuSpin } from './cpu-spin/workload.ts';
import { spin } from './kernels/spin.ts';
import { type Mutation, startReference } from './test-kit/reference-server.ts';
import { timer } from './timer/workload.ts';
import { verifyAnswer } from './verify-answer.ts';

const { signal } = new AbortController();
const parameters = { n: 12_345 };
const { path } = cpuSpin.request(parameters);
const expected = cpuSpin.expected(parameters);

async function failedAt(mutation: Mutation): Promise<string[]> {
  await using server = await startReference(mutation);
  const results = await verifyAnswer(server, path, expected, signal);
  expect(results).toHaveLength(3);
  return results.filter((result) => !result.passed).map((result) => result.id);
}

describe('the check before a trial', () => {
  test('passes a right server on every workload, and says what was asked', async () => {
    await using server = await startReference();
    const spinResults = await verifyAnswer(server, path, expected, signal);
    expect(spinResults.map(({ passed, title }) => [passed, title])).toEqual([
      [true, 'GET /cpu/spin?n=12345'],
      [true, 'GET /cpu/spin?n=x, which is wrong'],
      [true, 'GET /health on the same connection'],
    ]);
    const ask = { ms: 3 };
    const timerResults = await verifyAnswer(server, timer.request(ask).path, timer.expected(ask), signal);
    expect(timerResults.every(({ passed }) => passed)).toBe(true);
  });

  test.each<[string, Mutation, string[]]>([
    ['a wrong result', { spin: (steps) => spin(steps + 1) }, ['trial-request']],
    ['a missing check of its parameter', { readNumber: () => 12_345 }, ['trial-wrong-request']],
    [
      'an error that closes the connection',
      {
        reply: (right) => (right.answer.status === 400 ? { ...right, headers: { Connection: 'close' } } : right),
      },
      ['trial-wrong-request', 'trial-connection'],
    ],
    [
      'a Server header',
      { reply: (right) => ({ ...right, headers: { Server: 'x' } }) },
      ['trial-request', 'trial-wrong-request', 'trial-connection'],
    ],
  ])('finds %s', async (_fault, mutation, failed) => {
    expect(await failedAt(mutation)).toEqual(failed);
  });

  test('fails in every part, and does not throw, where nobody listens', async () => {
    const results = await verifyAnswer({ host: '127.0.0.1', port: 1 }, path, expected, signal);
    expect(results.map(({ passed, given }) => [passed, given.startsWith('no connection')])).toEqual([
      [false, true],
      [false, true],
      [false, true],
    ]);
  });
});
