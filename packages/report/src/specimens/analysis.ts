import {
  type AnalysedCell,
  type AnalysedComparison,
  Analysis,
  causeTexts,
  formatVersion,
  type JudgedClaim,
  type Metric,
  type ParallelCapacity,
  type Plan,
  type PlannedComparison,
  type Scaling,
  type Stamp,
  type StateCounts,
  type TrialRow,
} from '@photofinish/schema';
import { specimenRunId } from './identity.ts';
import { specimenEstimate, specimenVerdict } from './judging.ts';

/** What varies between specimens beside the plan. */
interface AnalysisOptions {
  readonly plan: Plan;
  readonly trials: readonly TrialRow[];
  readonly stamps: readonly Stamp[];
  readonly hostClassReasons: readonly string[];
  readonly complete: boolean;
  readonly claims: readonly JudgedClaim[];
  readonly parallelCapacity: ParallelCapacity | null;
}

const read: Record<Metric, (row: TrialRow) => number | null> = {
  throughput: (row) => row.throughput,
  'cpu-per-request': (row) => row.cpuPerRequestSeconds,
  'response-time-p50': (row) => row.responseTimeP50Seconds,
  'response-time-p99': (row) =>
    row.responseTimeP50Seconds === null ? null : row.responseTimeP50Seconds * 1.18 + 0.0021,
  memory: (row) => row.rssPeakBytes,
};

const metrics = Object.keys(read) as Metric[];

function countStates(rows: readonly TrialRow[]): StateCounts {
  const counts: StateCounts = { ok: 0, failed: 0, invalid: 0, skipped: 0, 'not-run': 0, interrupted: 0 };
  for (const { state } of rows) counts[state] += 1;
  return counts;
}

const values = (rows: readonly TrialRow[], metric: Metric): number[] =>
  rows.flatMap((row) => (row.state === 'ok' ? [read[metric](row)].filter((value) => value !== null) : []));

function cellOf(targetId: string, role: 'target' | 'alias', rows: readonly TrialRow[]): AnalysedCell {
  const causes = [...new Set(rows.flatMap(({ cause }) => (cause === null ? [] : [cause])))];
  const states = countStates(rows);
  return {
    targetId,
    role,
    states,
    attempts: rows.length,
    causes: causes.map((cause) => ({ cause, trials: rows.filter((row) => row.cause === cause).length })),
    estimates: metrics.map((metric) => specimenEstimate(metric, values(rows, metric))),
    errorShare: states.ok === 0 ? null : 0,
    littleGap: states.ok === 0 ? null : 0.006,
  };
}

function comparisonOf(planned: PlannedComparison, { plan, trials, stamps }: AnalysisOptions): AnalysedComparison {
  const of = (targetId: string, role: 'target' | 'alias') =>
    trials.filter((row) => row.comparisonId === planned.id && row.targetId === targetId && row.role === role);
  const present = plan.targets.map(({ targetId }) => targetId);
  const aliased = present.filter((targetId) => of(targetId, 'alias').length > 0);
  const { arrivals } = planned.load;
  const connections = arrivals.connections;
  const cores = planned.targetCores.length;
  const judged = planned.metrics.flatMap(({ metric, margin }) =>
    present
      .filter((targetId) => targetId !== plan.baseline)
      .map((targetId) => {
        const absence = plan.targets.find((target) => target.targetId === targetId)?.absence ?? null;
        const failures = of(targetId, 'target').filter(({ state }) => state === 'failed').length;
        return specimenVerdict({
          comparisonId: planned.id,
          metric,
          margin,
          targetId,
          baseline: plan.baseline,
          values: values(of(targetId, 'target'), metric),
          baselineValues: values(of(plan.baseline, 'target'), metric),
          stamps: [...stamps],
          title: planned.title,
          refusal:
            absence !== null
              ? {
                  gate: 'measured',
                  passed: false,
                  reading: `${targetId} was not run: ${causeTexts[absence.cause]}`,
                  limit: 'both sides measured',
                }
              : failures === 0
                ? null
                : {
                    gate: 'dropped-blocks',
                    passed: false,
                    reading: `${failures} of ${plan.replicates} blocks dropped`,
                    limit: 'at most 20 %',
                  },
        });
      }),
  );
  return {
    id: planned.id,
    title: planned.title,
    description: `GET ${planned.workload.path}, closed loop, ${connections} connections, ${cores === 1 ? '1 core' : `${cores} cores`}`,
    workloadId: planned.workload.id,
    workloadKind: planned.workload.kind,
    cores,
    sharesCores: planned.sharesCores,
    connections,
    baseline: plan.baseline,
    cells: [
      ...present.map((targetId) => cellOf(targetId, 'target', of(targetId, 'target'))),
      ...aliased.map((targetId) => cellOf(targetId, 'alias', of(targetId, 'alias'))),
    ],
    alias: planned.metrics.map(({ metric, margin }) => ({
      metric,
      pairs: plan.replicates,
      ratio: 1.003,
      interval: { lower: 0.991, upper: 1.016, level: 0.95 },
      gate: { gate: 'alias', passed: true, reading: '1.00 (0.99 to 1.02)', limit: `half-width at most ${margin}` },
    })),
    speedAdjustment: {
      outcome: 'dropped',
      reason: 'its windows hold too few whole seconds to tell how throughput follows it',
    },
    verdicts: judged,
  };
}

function scalingOf(comparisons: readonly AnalysedComparison[], capacity: ParallelCapacity | null): Scaling[] {
  const from = comparisons.find(({ id }) => id === 'spin-one-core');
  const to = comparisons.find(({ id }) => id === 'spin-all-cores');
  if (from === undefined || to === undefined || capacity === null) return [];
  return from.cells.flatMap((cell): Scaling[] => {
    const other = to.cells.find(({ targetId, role }) => targetId === cell.targetId && role === 'target');
    if (cell.role === 'alias' || other === undefined) return [];
    const before = cell.estimates[0]?.points ?? [];
    const ratios = (other.estimates[0]?.points ?? []).flatMap((point, index) => {
      const earlier = before[index];
      return earlier === undefined ? [] : [point / earlier];
    });
    const { value, interval } = specimenEstimate('throughput', ratios);
    return [
      {
        workloadId: from.workloadId,
        targetId: cell.targetId,
        from: from.id,
        to: to.id,
        fromCores: from.cores,
        toCores: to.cores,
        pairs: ratios.length,
        speedup: value,
        interval,
        efficiency: value === null ? null : value / (to.cores / from.cores),
      },
    ];
  });
}

/** An analysis of invented trials, of the shape the real one has. Parsed by the schema, so that it cannot drift from it. */
export function specimenAnalysis(options: AnalysisOptions): Analysis {
  const { plan, trials, parallelCapacity } = options;
  const comparisons = plan.comparisons.map((planned) => comparisonOf(planned, options));
  const headlines = comparisons.flatMap(({ verdicts }) =>
    verdicts.filter(({ metric }) => metric === 'throughput').slice(0, 4),
  );
  return Analysis.parse({
    schemaVersion: formatVersion,
    runId: specimenRunId,
    planHash: plan.hash,
    experiment: {
      id: plan.experiment.id,
      version: plan.experiment.version,
      title: plan.experiment.title,
      question: plan.experiment.question,
    },
    baseline: plan.baseline,
    replicates: plan.replicates,
    stamps: [...options.stamps],
    hostClassReasons: [...options.hostClassReasons],
    complete: options.complete,
    targets: plan.targets,
    comparisons,
    leftOut: plan.leftOut,
    parallelCapacity,
    parallelCapacities: parallelCapacity === null ? [] : [parallelCapacity],
    scaling: scalingOf(comparisons, parallelCapacity),
    sweeps: [],
    claims: [...options.claims],
    states: countStates(trials),
    trials: [...trials],
    sentences: [
      ...options.claims.map(({ sentence, reason }) => `Claim: ${sentence} ${reason}`),
      ...headlines.map(({ sentence }) => sentence),
    ],
  });
}
