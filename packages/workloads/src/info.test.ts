import { MeasurementError } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { compareInfo, fetchInfo, type WantedInfo } from './info.ts';
import { type Mutation, startReference } from './test-kit/reference-server.ts';

const { signal } = new AbortController();

describe("a server's account of itself", () => {
  test('is read from the live server', async () => {
    await using server = await startReference();
    expect(await fetchInfo(server, signal)).toEqual(server.info);
  });

  test.each<[string, Mutation, RegExp]>([
    ['is no JSON', { reply: ({ answer }) => ({ answer: { ...answer, body: 'fine' } }) }, /not JSON/],
    ['lacks a field', { info: ({ threads: _, ...rest }) => rest }, /threads/],
    ['has a field of the wrong kind', { info: (right) => ({ ...right, cores: '1' }) }, /cores/],
    ['has a field nobody knows', { info: (right) => ({ ...right, colour: 'red' }) }, /colour/],
    ['comes with a wrong status', { reply: ({ answer }) => ({ answer: { ...answer, status: 503 } }) }, /status 503/],
  ])('is refused when it %s', async (_title, mutation, what) => {
    await using server = await startReference(mutation);
    const fetched = fetchInfo(server, signal);
    await expect(fetched).rejects.toBeInstanceOf(MeasurementError);
    await expect(fetched).rejects.toMatchObject({ code: 'E_WRONG_RESPONSE', what: expect.stringMatching(what) });
  });
});

describe('the comparison with the plan', () => {
  test('names every difference with what was expected and given', async () => {
    await using server = await startReference();
    const { info } = server;
    const same: WantedInfo = { ...info };
    expect(compareInfo(info, same)).toEqual([]);
    const wanted = { runtime: 'go', model: 'goroutines', nonce: 'n', cores: 2, processes: 3, threads: 64, cpuPool: 2 };
    expect(compareInfo(info, wanted)).toEqual([
      'runtime: expected go, given node',
      'model: expected goroutines, given reference',
      'nonce: expected n, given nonce-of-the-trial',
      'cores: expected 2, given 1',
      'processes: expected 3, given 1',
      'threads: expected 64, given none',
      'cpuPool: expected 2, given none',
    ]);
    expect(compareInfo({ ...info, threads: 10 }, { ...same, threads: null })).toEqual([
      'threads: expected none, given 10',
    ]);
  });

  test('leaves out what is not known', async () => {
    await using server = await startReference();
    expect(compareInfo({ ...server.info, cpuPool: 8 }, { cores: 1 })).toEqual([]);
  });
});
