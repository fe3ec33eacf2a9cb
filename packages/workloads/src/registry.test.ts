import { ExpectedAnswer, UsageError, WorkloadId } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { findWorkload, workloads } from './registry.ts';

describe.each(Object.entries(workloads))('the workload %s', (key, workload) => {
  test('is registered under its own, valid id and found by it', () => {
    expect(workload.id).toBe(key);
    expect(WorkloadId.safeParse(key).success).toBe(true);
    expect(findWorkload(key)).toBe(workload);
  });

  test('expects an answer of the schema at the least of every parameter', () => {
    const least = Object.fromEntries(Object.entries(workload.parameters).map(([name, { minimum }]) => [name, minimum]));
    expect(ExpectedAnswer.safeParse(workload.expected(least)).success).toBe(true);
    expect(workload.request(least).path).toMatch(/^\/[a-z/]+\?[a-z]+=\d+$/);
  });
});

test.each([
  ['cpu-spim', 'did you mean cpu-spin?'],
  ['Timer', 'did you mean timer?'],
  ['json', 'did you mean cpu-json?'],
  ['photosynthesis', 'choose one of those allowed'],
])('asking for the workload %j is answered with: %s', (id, remedy) => {
  try {
    findWorkload(id);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({
      code: 'E_UNKNOWN_WORKLOAD',
      given: id,
      allowed: 'timer, cpu-spin, cpu-json',
      remedy,
    });
  }
});
