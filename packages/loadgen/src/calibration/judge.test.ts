import { emptyHistogram, encodeHistogram, type FixtureAccount, type TimeDistribution } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { type LoadScript, scriptedDistribution, scriptedResult } from '../mock/scripted-result.ts';
import { type Exercise, exercises, jobOf, servers } from './exercise.ts';
import { type ExerciseOutcome, judge } from './judge.ts';

const nothing: TimeDistribution = {
  count: 0,
  meanSeconds: 0,
  minimumSeconds: 0,
  maximumSeconds: 0,
  histogram: encodeHistogram(emptyHistogram()),
};

function exerciseOf(mode: string): Exercise {
  const found = [...exercises(), ...exercises({ isLong: true })].find((exercise) => exercise.mode === mode);
  if (found === undefined) throw new Error(`there is no exercise ${mode}`);
  return found;
}

/** What the generator says of its requests one by one, seconds; 0.1 ms. */
interface Own {
  readonly sendDelay?: number;
  readonly beyondHeld?: number;
}

/** An outcome with these response times; the server planned `planned` of them. */
function outcome(mode: string, script: LoadScript, planned: readonly number[] = [], own: Own = {}): ExerciseOutcome {
  const exercise = exerciseOf(mode);
  const times = script.responseSeconds ?? [0.005];
  const throughput = times.length / exercise.windowSeconds;
  const account: FixtureAccount = {
    requests: planned.length,
    parked: 0,
    parkedHighWater: 0,
    planned: planned.length === 0 ? nothing : scriptedDistribution(planned),
    lag: nothing,
  };
  const result = scriptedResult(jobOf(exercise, 8080, 0), { throughput, ...script });
  const each = (seconds = 0.0001) => scriptedDistribution(times.map(() => seconds));
  const told = { sendDelay: each(own.sendDelay), beyondHeld: each(own.beyondHeld) };
  return { exercise, result: { ...result, classes: result.classes.map((one) => ({ ...one, ...told })) }, account };
}

/** Which readings of a mode passed. */
function passed(outcomes: readonly ExerciseOutcome[], mode: string): Record<string, boolean> {
  const readings = judge(outcomes).filter((reading) => reading.mode === mode);
  return Object.fromEntries(readings.map((reading) => [reading.quantity, reading.passed]));
}

const count = 4000;
const evenly = (quantile: (q: number) => number) =>
  Array.from({ length: count }, (_, index) => quantile((index + 0.5) / count));
const floor = outcome('null-open', { responseSeconds: Array.from({ length: 600 }, () => 0.0001) });
const exponential = (mean: number) => evenly((q) => -mean * Math.log(1 - q));
const { stallMilliseconds, periodMilliseconds } = servers.stall;
const stalled = (factor: number) =>
  evenly((q) => 0.0001 + (factor * Math.max(0, stallMilliseconds - periodMilliseconds * (1 - q))) / 1000);

describe('the judgement of a calibration', () => {
  test('takes the floor off before a delay is compared', () => {
    const sound = outcome('delay-20ms', { responseSeconds: Array.from({ length: 600 }, () => 0.02015) });
    expect(passed([floor, sound], 'delay-20ms')).toEqual({ answered: true, p50: true, 'p99 - p50': true });
    const late = outcome('delay-20ms', { responseSeconds: Array.from({ length: 600 }, () => 0.0205) });
    expect(passed([floor, late], 'delay-20ms')).toEqual({ answered: true, p50: false, 'p99 - p50': true });
    const spread = outcome('delay-20ms', {
      responseSeconds: Array.from({ length: 600 }, (_, index) => (index % 20 === 0 ? 0.025 : 0.0201)),
    });
    expect(passed([floor, spread], 'delay-20ms')).toEqual({ answered: true, p50: true, 'p99 - p50': false });
  });

  test('takes off what the server owns up to having been late', () => {
    const times = Array.from({ length: 600 }, () => 0.0205);
    const late = outcome('delay-20ms', { responseSeconds: times });
    expect(passed([floor, late], 'delay-20ms').p50).toBe(false);
    const account = { ...late.account, lag: scriptedDistribution(times.map(() => 0.0004)) };
    expect(passed([floor, { ...late, account }], 'delay-20ms').p50).toBe(true);
  });

  test('allows a spread that the loops own up to', () => {
    const times = Array.from({ length: 600 }, (_, index) => (index % 20 === 0 ? 0.0205 : 0.0201));
    const lagging = outcome('delay-20ms', { responseSeconds: times }, [], { sendDelay: 0.0005 });
    expect(passed([floor, lagging], 'delay-20ms')['p99 - p50']).toBe(true);
    const punctual = outcome('delay-20ms', { responseSeconds: times }, [], { sendDelay: 0.000001 });
    expect(passed([floor, punctual], 'delay-20ms')['p99 - p50']).toBe(false);
  });

  test('passes the drawn distribution and fails one of another mean, by distance and quantiles', () => {
    const planned = exponential(servers.distribution.meanMilliseconds / 1000);
    const sound = outcome('distribution', { responseSeconds: planned.map((time) => time + 0.0001) }, planned);
    expect(Object.values(passed([floor, sound], 'distribution'))).not.toContain(false);
    const erring = outcome('distribution', { responseSeconds: planned.map((time) => time + 0.0005) }, planned, {
      beyondHeld: 0.0005,
    });
    const each = { 'p50 of each error': false, 'p99 of each error': false, p50: true };
    expect(passed([floor, erring], 'distribution')).toMatchObject(each);
    const slow = outcome('distribution', { responseSeconds: planned.map((time) => time * 1.08) }, planned);
    expect(passed([floor, slow], 'distribution')).toMatchObject({ distance: false, p50: false, p99: false });
  });

  test('passes the stall as section 13 has it, and fails a generator that saw half of it', () => {
    const sound = outcome('stall-open', { responseSeconds: stalled(1) });
    expect(passed([floor, sound], 'stall-open')).toEqual({
      answered: true,
      mean: true,
      p50: true,
      p95: true,
      p99: true,
    });
    const omitting = outcome('stall-open', { responseSeconds: stalled(0.5) });
    expect(passed([floor, omitting], 'stall-open')).toMatchObject({ mean: false, p50: true, p95: false, p99: false });
  });

  test('fails every reading above the share that never answered', () => {
    const censored = outcome('stall-open', { responseSeconds: stalled(1), censored: 100 });
    expect(passed([floor, censored], 'stall-open')).toEqual({
      answered: false,
      mean: false,
      p50: true,
      p95: false,
      p99: false,
    });
  });

  test('wants the closed loop to show the omission', () => {
    const { users } = servers.closedStall;
    const quick = Array.from({ length: 20_000 }, () => 0.0001);
    const caught = [...quick, ...Array.from({ length: users }, () => 0.49)];
    expect(passed([outcome('stall-closed', { responseSeconds: caught })], 'stall-closed')).toEqual({
      answered: true,
      'slow share': true,
      'p99 (omission)': true,
    });
    const blind = outcome('stall-closed', { responseSeconds: quick });
    expect(passed([blind], 'stall-closed')['slow share']).toBe(false);
  });

  test('holds a queue against what its server planned, and only records the formula', () => {
    const planned = exponential(1 / (servers.queue.serviceRate * 0.5));
    const sound = outcome('queue-0.5', { responseSeconds: planned.map((time) => time + 0.0001) }, planned);
    const readings = judge([floor, sound]).filter(({ mode }) => mode === 'queue-0.5');
    expect(readings.every((reading) => reading.passed)).toBe(true);
    const formula = readings.find(({ quantity }) => quantity === 'p50 of the formula');
    expect(formula?.truth).toBeCloseTo(Math.LN2 / 125, 9);
    expect(formula?.limit).toBeNull();
    const slow = outcome('queue-0.5', { responseSeconds: planned.map((time) => time * 1.2) }, planned);
    expect(passed([floor, slow], 'queue-0.5')).toMatchObject({ p50: false, p99: false });
  });

  test('holds a long queue against the formula too: a server that drew other times is found out', () => {
    const { serviceRate } = servers.longQueue;
    const judged = (factor: number) => {
      const planned = exponential(factor / (serviceRate * 0.5));
      return passed(
        [floor, outcome('queue-0.5-long', { responseSeconds: planned.map((time) => time + 0.0001) }, planned)],
        'queue-0.5-long',
      );
    };
    expect(Object.values(judged(1))).not.toContain(false);
    expect(judged(1.2)).toMatchObject({ p50: true, 'p50 of the formula': false, 'p99 of the formula': false });
  });

  test('fails a mode in which a request was not answered rightly', () => {
    const wrong = outcome('null-open', { responseSeconds: [0.0001], errors: { body: 1 } });
    expect(passed([wrong], 'null-open').answered).toBe(false);
  });
});

describe('the exercises', () => {
  test('last less than two minutes in all, and stalls are seen over whole periods', () => {
    const all = exercises();
    expect(all.reduce((sum, { windowSeconds }) => sum + windowSeconds + 1.5, 0)).toBeLessThan(120);
    for (const server of [servers.stall, servers.closedStall]) {
      const mode = server === servers.stall ? 'stall-open' : 'stall-closed';
      expect((exerciseOf(mode).windowSeconds * 1000) % server.periodMilliseconds).toBe(0);
    }
  });

  test('have pools that never make an open loop partly closed', () => {
    const longest: Record<string, number> = { 'stall-open': 1, drip: 0.075, distribution: 0.3 };
    for (const { mode, arrivals } of exercises()) {
      if (arrivals.loop === 'closed') continue;
      expect(arrivals.connections, mode).toBeGreaterThanOrEqual(1.2 * arrivals.rate * (longest[mode] ?? 0.1));
    }
  });
});
