import { EnvironmentError, MeasurementError } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { bench } from '../specimens/bench.ts';

const statesOf = (records: readonly { trialId: string; attempt: number; state: string }[]) =>
  records.map(({ trialId, attempt, state }) => `${trialId}/${attempt} ${state}`);
const causeOf = (record: object | undefined) => (record !== undefined && 'cause' in record ? record.cause : null);

describe('a trial', () => {
  test('goes through its phases in this order and no other', async () => {
    const { perform, log } = bench();
    await perform();
    const first = log.findIndex((line) => line.startsWith('journal'));
    expect(log.slice(first, first + 15)).toEqual([
      expect.stringMatching(/^journal .* attempt 1 started$/),
      expect.stringMatching(/^hiccups on /),
      expect.stringMatching(/^start /),
      expect.stringMatching(/^verify \//),
      'warm',
      'probe first edge',
      'meter begins',
      'window begins',
      'window ends',
      'probe last edge',
      'meter ends',
      expect.stringMatching(/^stop /),
      expect.stringMatching(/^record .* attempt 1 ok$/),
      expect.stringMatching(/^journal .* attempt 1 started$/),
      expect.stringMatching(/^hiccups on /),
    ]);
  });

  test('records how long each phase took', async () => {
    const records = await bench().perform();
    expect(records[0]?.phases.map(({ phase }) => phase)).toEqual([
      'start',
      'verify',
      'warm-up',
      'measure',
      'drain',
      'stop',
    ]);
    expect(records[0]?.phases.find(({ phase }) => phase === 'measure')?.seconds).toBeCloseTo(1, 3);
  });

  test('leaves no server behind, however it ends', async () => {
    const faults = [
      { server: () => ({ startFailure: 'never-healthy' as const }) },
      { verification: () => ({ wrongAnswers: ['wrong'] }) },
      {},
    ];
    for (const fault of faults) {
      const { perform, engine } = bench(fault);
      await perform();
      expect(engine.alive.size).toBe(0);
    }
  });

  test('tells nobody anything between the edges of its window', async () => {
    const { perform, log, events } = bench({ inWindow: () => marks.push(events.length) });
    const marks: number[] = [];
    await perform();
    const began = log.flatMap((line, index) => (line === 'window begins' ? [index] : []));
    expect(began.length).toBeGreaterThan(0);
    for (const index of began) expect(log[index + 1]).toBe('window ends');
    expect(marks).toHaveLength(began.length);
  });
});

describe('a whole run', () => {
  test('performs every planned trial once when all is well', async () => {
    const { perform, events } = bench({ plan: { blocks: 2 } });
    const records = await perform();
    expect(records).toHaveLength(2 * 2 * 3);
    expect(records.every(({ state, attempt }) => state === 'ok' && attempt === 1)).toBe(true);
    expect(events.at(-1)).toEqual({ kind: 'run-finished', complete: true, calmWaitSeconds: 0 });
  });

  test('measures the parallel capacity in every block on more than one core, and keeps it with each trial', async () => {
    const { perform, log } = bench({ plan: { blocks: 2 } });
    const records = await perform();
    expect(log.filter((line) => line.startsWith('capacity'))).toHaveLength(2);
    const capacities = records.map((record) =>
      record.state === 'ok' ? [record.comparisonId, record.host.parallelCapacity] : [],
    );
    expect(capacities).toContainEqual(['timer', null]);
    expect(capacities).toContainEqual(['spin-all-cores', 1.9]);
  });
});

describe('what the target does wrong', () => {
  test.each([
    [
      'a server that never answers',
      { server: () => ({ startFailure: 'never-healthy' as const, lastWords: 'still thinking' }) },
      'never-healthy',
      'start',
    ],
    ['a server that ends at start', { server: () => ({ startFailure: 'crashed' as const }) }, 'crashed', 'start'],
    [
      'a wrong answer before any load',
      { verification: () => ({ wrongAnswers: ['expected a, given b'] }) },
      'wrong-response',
      'verify',
    ],
    ['an /info that is none', { verification: () => ({ info: null }) }, 'wrong-response', 'verify'],
    [
      'an /info that differs from the plan',
      { verification: () => ({ differences: ['cores: expected 1, given 2'] }) },
      'info-mismatch',
      'verify',
    ],
    ['a wrong body under load', { drive: () => ({ errors: { body: 1 } }) }, 'wrong-response', 'measure'],
    ['too many resets', { drive: () => ({ errors: { reset: 400 } }) }, 'errors', 'measure'],
  ])('%s is its failure', async (_what, fault, cause, phase) => {
    const [record] = await bench(fault).perform();
    expect(record).toMatchObject({ state: 'failed', cause, phase });
  });

  test('a server that dies in the window has crashed, and its figures are kept apart', async () => {
    const { perform } = bench({
      inWindow: (engine, call) => call === 1 && engine.crash({ code: null, signal: 'SIGKILL', reason: 'own' }),
    });
    const [record] = await perform();
    expect(record).toMatchObject({ state: 'failed', cause: 'crashed', message: expect.stringContaining('SIGKILL') });
    expect(record?.state === 'failed' && record.measurement).not.toBeNull();
  });

  test('is tried once more, and then the target is left out for the rest of the run', async () => {
    const { perform, events } = bench({
      plan: { blocks: 2 },
      server: (title) => (title === 'go/goroutines' ? { startFailure: 'crashed' } : {}),
    });
    const records = (await perform()).filter(({ targetId }) => targetId === 'go/goroutines');
    expect(records.map(({ state }) => state)).toEqual(['failed', 'failed', 'skipped', 'skipped', 'skipped']);
    expect(causeOf(records[2])).toBe('quarantined');
    expect(events.filter(({ kind }) => kind === 'target-quarantined')).toHaveLength(1);
  });

  test('is forgotten when the second attempt goes well', async () => {
    const { perform } = bench({ server: (_title, start) => (start === 1 ? { startFailure: 'crashed' } : {}) });
    expect(statesOf(await perform()).slice(0, 2)).toEqual([
      expect.stringMatching(/\/1 failed$/),
      expect.stringMatching(/\/2 ok$/),
    ]);
  });

  test('ignoring SIGTERM is a note and not a failure', async () => {
    const [record] = await bench({ server: () => ({ ignoresTerm: true }) }).perform();
    expect(record).toMatchObject({ state: 'ok', notes: [{ code: 'hang-shutdown' }] });
  });
});

describe('what the environment does wrong', () => {
  const once = (fault: object) => ({ drive: (call: number) => (call === 1 ? fault : {}) });

  test.each([
    ['a generator that woke late', once({ failedGates: { 'scheduler-lag-mean': [0.004, 0.002] } }), 'generator-lag'],
    ['a pause of the generator', once({ failedGates: { 'scheduler-lag-longest': [0.2, 0.1] } }), 'generator-lag'],
    ['a generator that was too busy', once({ failedGates: { occupancy: [0.8, 0.7] } }), 'generator-saturated'],
    ['requests that were not sent', once({ failedGates: { 'achieved-sends': [0.9, 0.999] } }), 'generator-saturated'],
    ['ports that hardly suffice', once({ failedGates: { ports: [0.9, 0.83] } }), 'ephemeral-ports'],
    ['descriptors that hardly suffice', once({ failedGates: { descriptors: [0.9, 0.83] } }), 'file-descriptors'],
    [
      'ports that did not suffice',
      once({
        failure: {
          after: 'warm-up',
          error: new EnvironmentError('E_EPHEMERAL_PORTS', { what: '8 are free', remedy: 'wait' }),
        },
      }),
      'ephemeral-ports',
    ],
    ["figures against Little's law", once({ throughput: 1000, responseSeconds: [0.1] }), 'littles-law'],
    [
      'a generator that ends without a result',
      once({
        failure: {
          after: 'measure',
          error: new MeasurementError('E_GENERATOR_FAILED', { what: 'it broke', remedy: '' }),
        },
      }),
      'generator-failed',
    ],
  ])('%s makes the trial invalid, and it is repeated', async (_what, fault, cause) => {
    const records = await bench(fault).perform();
    expect(causeOf(records[0])).toBe(cause);
    expect(statesOf(records).slice(0, 2)).toEqual([
      expect.stringMatching(/\/1 invalid$/),
      expect.stringMatching(/\/2 ok$/),
    ]);
  });

  test('a wait that was skipped is found by arithmetic', async () => {
    const timer = bench({ drive: () => ({ responseSeconds: [0.01] }) });
    const records = (await timer.perform()).filter(({ comparisonId }) => comparisonId === 'timer');
    expect(causeOf(records[0])).toBe('wait-skipped');
  });

  test('is repeated within the budget and then given up, every attempt kept', async () => {
    const records = await bench({ drive: () => ({ failedGates: { 'scheduler-lag-mean': [0.004, 0.002] } }) }).perform();
    const first = records.filter(({ trialId }) => trialId === records[0]?.trialId);
    expect(first.map(({ attempt, state }) => [attempt, state])).toEqual([
      [1, 'invalid'],
      [2, 'invalid'],
      [3, 'invalid'],
    ]);
  });

  test('figures that the store refuses as contradicting each other are not kept as a measurement', async () => {
    const run = bench();
    const keep = run.recorder.attemptFinished.bind(run.recorder);
    let refused = 0;
    run.recorder.attemptFinished = async (draft, histograms) => {
      if (draft.state === 'ok' && refused++ === 0)
        throw new MeasurementError('E_RECORD_CONTRADICTS', {
          what: 'the figures contradict each other',
          given: 'p50 above p99',
          remedy: '',
        });
      return await keep(draft, histograms);
    };
    const [record] = await run.perform();
    expect(record).toMatchObject({
      state: 'invalid',
      cause: 'generator-failed',
      measurement: null,
      message: expect.stringContaining('p50 above p99'),
    });
  });

  test('a pause of the harness shows between its own readings', async () => {
    const { perform } = bench({ inWindow: (engine, call) => call === 1 && engine.clock.advance(20) });
    expect(causeOf((await perform())[0])).toBe('process-paused');
  });

  test('a trial that does not end is ended by the deadline', async () => {
    const { perform } = bench({ inWindow: (engine, call) => call === 1 && engine.clock.advance(1000) });
    expect(causeOf((await perform())[0])).toBe('deadline');
  });
});

describe('an interruption', () => {
  test('cuts the trial under way, records it and stops its server', async () => {
    const run = bench({ inWindow: (_engine, call) => call === 2 && run.controller.abort(new Error('enough')) });
    await expect(run.perform()).rejects.toThrow('enough');
    expect(run.recorder.records.map(({ state }) => state)).toEqual(['ok', 'interrupted']);
    expect(run.engine.alive.size).toBe(0);
  });

  test('is made good by going on with what is recorded: the finished stays, the cut trial is measured again', async () => {
    const first = bench({ inWindow: (_engine, call) => call === 2 && first.controller.abort(new Error('enough')) });
    await first.perform().catch(() => {});
    const second = bench({ earlier: first.recorder.records });
    const records = await second.perform();
    const ok = records.filter(({ state }) => state === 'ok');
    expect(new Set(ok.map(({ trialId }) => trialId)).size).toBe(6);
    expect(ok).toHaveLength(6);
    expect(ok.find(({ trialId }) => trialId === first.recorder.records[1]?.trialId)?.attempt).toBe(2);
  });
});
