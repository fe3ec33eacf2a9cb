import { type Clock, MeasurementError, seconds, summariseTimes, systemClock } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { describeGenerator, shortJob, silent } from '../test-kit/kit.ts';
import { mockGenerator } from './generator.ts';
import { scriptedResult } from './scripted-result.ts';

const address = { host: '127.0.0.1', port: 1 };
const never = new AbortController().signal;

/** A clock that jumps. */
function jumpingClock(): Clock & { elapsed: number } {
  return {
    ...systemClock,
    elapsed: 0,
    now() {
      return seconds(this.elapsed);
    },
    async sleep(duration, signal) {
      signal?.throwIfAborted();
      this.elapsed += duration;
    },
  };
}

describeGenerator('mock', async () => ({ generator: mockGenerator(jumpingClock()), address }));

describe('the mock generator', () => {
  test('lets the clock pass warm-up, window and drain, and no real time', async () => {
    const clock = jumpingClock();
    const generator = mockGenerator(clock, () => ({ censored: 3 }));
    const job = shortJob(address, {
      window: { seconds: seconds(30), minimumResponses: 0, maximumSeconds: seconds(60) },
    });
    await generator.drive(job, silent, never);
    expect(clock.elapsed).toBeCloseTo(0.05 + 30 + 2);
    expect(generator.log).toEqual(['warm-up', 'measure', 'drain']);
  });

  test('asks its script anew for each drive, and fails where it says so', async () => {
    const error = new MeasurementError('E_GENERATOR_FAILED', { what: 'told to', remedy: '' });
    const generator = mockGenerator(jumpingClock(), (_job, drive) =>
      drive === 1 ? { failure: { after: 'measure', error } } : {},
    );
    await expect(generator.drive(shortJob(address), silent, never)).rejects.toBe(error);
    await expect(generator.drive(shortJob(address), silent, never)).resolves.toMatchObject({ schemaVersion: 1 });
    expect(generator.log).toEqual(['warm-up', 'measure', 'warm-up', 'measure', 'drain']);
  });
});

describe('a scripted result', () => {
  test("obeys Little's law in a closed loop unless told otherwise", () => {
    const [one] = scriptedResult(shortJob(address), { responseSeconds: [0.01, 0.03] }).classes;
    expect(one?.completedInWindow).toBe(40);
    expect(one?.meanInFlight).toBeCloseTo(4);
    expect(scriptedResult(shortJob(address), { throughput: 50 }).classes[0]?.completedInWindow).toBe(10);
  });

  test('counts errors apart and puts the unanswered above everything', () => {
    const [one] = scriptedResult(shortJob(address), {
      errors: { reset: 2, body: 1 },
      censored: 5,
      throughput: 100,
    }).classes;
    if (one === undefined) throw new Error('the job has one class');
    expect(one.errors).toMatchObject({ reset: 2, body: 1, timeout: 0 });
    expect(one.intended).toBe(20 + 3 + 5);
    expect(one.errorTime.count).toBe(3);
    const summary = summariseTimes(one.responseTime, one.censored);
    expect(summary.p50).toBeCloseTo(0.005, 4);
    expect(summary.p90).toBeNull();
  });
});
