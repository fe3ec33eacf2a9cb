import { formatVersion, type Plan, type PlannedBlock, TrialRecord } from '@photofinish/schema';
import { typicalFigures } from './figures.ts';
import { specimenRunId } from './names.ts';
import type { Figures, Place, SpecimenOptions } from './options.ts';

/** The record of a trial that went well, parsed by its schema. */
export function okTrial(
  plan: Plan,
  block: PlannedBlock,
  trialId: string,
  change: SpecimenOptions['figures'],
): TrialRecord {
  const trial = block.trials.find((planned) => planned.trialId === trialId);
  const comparison = plan.comparisons.find(({ id }) => id === block.comparisonId);
  if (trial === undefined || comparison === undefined) throw new RangeError(`${trialId} is not in the plan`);
  const place = { comparison, targetId: trial.targetId, replicate: block.replicate, role: trial.role };
  const figures = { ...typicalFigures(place), ...change?.(place) };
  return TrialRecord.parse({
    schemaVersion: formatVersion,
    runId: specimenRunId,
    planHash: plan.hash,
    blockId: block.blockId,
    comparisonId: block.comparisonId,
    replicate: block.replicate,
    trialId,
    cellId: trial.cellId,
    targetId: trial.targetId,
    role: trial.role,
    attempt: 1,
    sequence: 0,
    startedAt: '2026-01-31T12:00:00.000Z',
    phases: [{ phase: 'measure', seconds: 2 }],
    notes: [],
    state: 'ok',
    ...measuredParts(place, figures),
  });
}

function measuredParts({ comparison, targetId }: Place, figures: Figures) {
  const [runtime, model] = targetId.split('/');
  const times = {
    count: figures.responses,
    mean: figures.medianSeconds,
    p50: figures.medianSeconds,
    p90: figures.medianSeconds * 1.1,
    p95: figures.medianSeconds * 1.15,
    p99: figures.medianSeconds * 1.2,
    maximum: figures.medianSeconds * 1.5,
  };
  const { connections, loop } = comparison.load.arrivals;
  return {
    info: {
      runtime,
      version: '1.0',
      model,
      nonce: 'n',
      cores: comparison.targetCores.length,
      coresSeen: comparison.targetCores.length,
      processes: figures.processes,
      threads: null,
      cpuPool: null,
      upstreamPool: null,
      databasePool: null,
      cpuWork: 'event-loop',
      server: 'server 1.0',
      eventLoop: null,
      gil: null,
      gc: null,
      noDelay: true,
      keepAliveSeconds: 75,
      backlog: 1024,
      libraries: {},
    },
    timeToReadySeconds: 0.2,
    measurement: {
      loop,
      connections,
      windowSeconds: Math.max(2, figures.seconds.length),
      warmupSeconds: 1,
      drainSeconds: 0.05,
      intended: figures.responses,
      answered: figures.responses,
      completedInWindow: figures.responses,
      censored: 0,
      errors: noErrors,
      throughput: figures.throughput,
      meanInFlight: connections,
      responseTime: times,
      serviceTime: times,
      sendDelay: times,
      generator: {
        version: '0.1.0',
        cpuSeconds: 0.1,
        cpuPerRequestSeconds: 20e-6,
        occupancyMean: 0.1,
        occupancyMaximum: 0.2,
        schedulerLagP99: 0.0001,
      },
      series: figures.seconds.map(({ completed }, second) => ({ ...quietSecond, second, completed })),
      histograms: { file: 'histograms.json', sha256: 'a'.repeat(64) },
    },
    resources: {
      source: 'mock',
      intervalSeconds: 2,
      cpuUserSeconds: 1,
      cpuSystemSeconds: 0.2,
      rssStartBytes: figures.rssBytes,
      rssEndBytes: figures.rssBytes,
      rssPeakBytes: figures.rssBytes,
      pssEndBytes: figures.pssBytes,
      virtualBytes: 1e9,
      processes: figures.processes,
      threads: 11,
      threadsPeak: 11,
      voluntarySwitches: 1000,
      involuntarySwitches: 10,
      group: null,
      cpuPerRequestSeconds: figures.cpuSeconds,
    },
    host: {
      hiccupMaximumSeconds: 0.0001,
      hiccupLostShare: 0.001,
      stealShare: 0,
      otherLoadShare: null,
      frequencyRatio: null,
      swappedPages: null,
      speed: speedOf(comparison.targetCores, figures),
      calmWaitSeconds: 0,
      parallelCapacity: figures.parallelCapacity,
    },
    guards: [],
  };
}

const quietSecond = {
  intended: 0,
  errors: 0,
  inFlight: 1,
  backlog: 0,
  responseTimeP50Seconds: null,
  responseTimeP99Seconds: null,
  schedulerLagMaximumSeconds: 0,
};

function speedOf(cores: readonly number[], { seconds }: Figures) {
  if (seconds.length === 0) return null;
  const series = seconds.map(({ slowness }, second) => ({ second, bursts: 40, ratio: slowness }));
  const ratio = seconds.reduce((sum, { slowness }) => sum + slowness, 0) / seconds.length;
  return {
    canary: 'interpreter-1',
    cores: cores.map((core) => ({ core, calmSeconds: 75e-6, ratio, series, meterShare: 0.004 })),
  };
}

/** No error of any kind. */
export const noErrors = {
  connect: 0,
  reset: 0,
  closed: 0,
  timeout: 0,
  malformed: 0,
  status: 0,
  contentType: 0,
  length: 0,
  body: 0,
};
