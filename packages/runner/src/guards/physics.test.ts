import { nativeGenerator } from '@photofinish/loadgen';
import { builtCore, needNativeCore, startFixture } from '@photofinish/loadgen/test-kit';
import { type LoadResult, type PlannedComparison, seconds } from '@photofinish/schema';
import { beforeEach, describe, expect, test } from 'vitest';
import { makePlan } from '../plan/plan.ts';
import { plainTopology } from '../plan/topology.ts';
import { specimenExperiment, specimenTarget } from '../specimens/experiment.ts';
import { loadJob } from '../trial/job.ts';
import { timesOf } from '../trial/measurement.ts';
import type { GuardSubject } from './guard.ts';
import { littlesLaw, waitCeiling } from './physics.ts';

const waitMilliseconds = 50;

/** A comparison whose server waits 50 ms, and its first trial, asked of a fixture. */
function waiting(): { comparison: PlannedComparison; trial: Parameters<typeof loadJob>[1] } {
  const plan = makePlan(specimenExperiment, {
    targets: specimenExperiment.defaultTargets.map((targetId) => specimenTarget(targetId)),
    blocks: 1,
    seed: 1,
    grantedCores: [0, 1],
    topology: plainTopology([0, 1]),
    loadCores: null,
    sweepCores: false,
    engine: 'mock',
    placement: { network: 'loopback', topology: 'same-host', limits: null },
  });
  const comparison = plan.comparisons.find(({ workload }) => workload.waitSeconds > 0);
  const trial = plan.blocks[0]?.trials[0];
  if (comparison === undefined || trial === undefined) throw new TypeError('the specimen has a workload that waits');
  const expected = { status: 200, contentType: 'text/plain; charset=utf-8', body: 'ok' };
  const workload = { ...comparison.workload, path: '/', expected, waitSeconds: seconds(waitMilliseconds / 1000) };
  return { comparison: { ...comparison, workload, generatorCores: [] }, trial };
}

/** What the two guards say of a real load on a real server. */
async function judged(...fixture: string[]) {
  await using server = await startFixture(...fixture);
  const { comparison, trial } = waiting();
  const job = loadJob(comparison, trial, seconds(0), {
    host: '127.0.0.1',
    port: server.port,
    pid: null,
    containerId: null,
    cores: [],
    timeToReady: seconds(0),
  });
  const silent = { onWarm: async () => {}, onWindowEnd: async () => {} };
  const result: LoadResult = await nativeGenerator(builtCore).drive(job, silent, new AbortController().signal);
  const subject = { comparison, result, hasThreadPool: false, ...timesOf(result) } as Partial<GuardSubject>;
  return [littlesLaw, waitCeiling].map((guard) => guard(subject as GuardSubject));
}

describe('a server that is to wait 50 ms', () => {
  beforeEach(needNativeCore);

  test('and does so obeys Little: no more answers than users over the wait', async () => {
    const [little, ceiling] = await judged('delay', '--ms', String(waitMilliseconds));
    expect(little?.reading).toMatchObject({ guard: 'littles-law', passed: true });
    expect(ceiling?.reading).toMatchObject({ guard: 'wait-ceiling', passed: true });
  });

  test('and skips it breaks the same law', async () => {
    const [, ceiling] = await judged('null');
    expect(ceiling?.reading).toMatchObject({ guard: 'wait-ceiling', passed: false });
    expect(ceiling?.blame).toEqual({ state: 'invalid', cause: 'wait-skipped' });
  });
});
