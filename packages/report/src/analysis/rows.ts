import { causeTexts, type Plan, type Resources, type TrialRecord, type TrialRow } from '@photofinish/schema';
import { counted, significant } from '../wording/number.ts';
import { slowestCore } from './speed/points.ts';
import type { TrialHistory } from './trials.ts';

/** The table of trials: every attempt in the order of the plan, trials without a record, and the trials of absent targets. */
export function rowsOf(plan: Plan, histories: readonly TrialHistory[]): TrialRow[] {
  const coresOf = new Map(plan.comparisons.map(({ id, targetCores }) => [id, targetCores]));
  const measured = histories.flatMap((history) => rowsOfTrial(history, coresOf.get(history.block.comparisonId) ?? []));
  return [...measured, ...rowsOfAbsent(plan)];
}

const withoutFigures = {
  throughput: null,
  responseTimeP50Seconds: null,
  cpuPerRequestSeconds: null,
  rssPeakBytes: null,
  coreSlowness: null,
  timeToReadySeconds: null,
  group: null,
} as const;

function rowsOfTrial({ block, trial, attempts }: TrialHistory, cores: readonly number[]): TrialRow[] {
  const common = {
    trialId: trial.trialId,
    comparisonId: block.comparisonId,
    replicate: block.replicate,
    targetId: trial.targetId,
    role: trial.role,
  };
  if (attempts.length > 0) return attempts.map((record) => ({ ...common, ...attemptOf(record, cores) }));
  const detail = `no record: ${causeTexts['not-reached']}, or the record is damaged; resume the run`;
  return [{ ...common, attempt: 1, state: 'not-run', cause: 'not-reached', detail, ...withoutFigures }];
}

function attemptOf(record: TrialRecord, cores: readonly number[]) {
  return {
    attempt: record.attempt,
    state: record.state,
    cause: record.state === 'ok' ? null : record.cause,
    detail: oneLine(detailOf(record)),
    ...figuresOf(record, cores),
  };
}

function figuresOf(record: TrialRecord, cores: readonly number[]) {
  const measurement = 'measurement' in record ? record.measurement : null;
  const resources = record.state === 'ok' ? record.resources : null;
  return {
    throughput: measurement?.throughput ?? null,
    responseTimeP50Seconds: measurement?.responseTime.p50 ?? null,
    cpuPerRequestSeconds: resources?.cpuPerRequestSeconds ?? null,
    rssPeakBytes: resources?.rssPeakBytes ?? null,
    coreSlowness: record.state === 'ok' ? slowestCore(record.host.speed, cores) : null,
    timeToReadySeconds: record.state === 'ok' ? record.timeToReadySeconds : null,
    group: resources === null ? null : groupOf(resources),
  };
}

function groupOf({ source, group }: Resources): TrialRow['group'] {
  return group === null ? null : { source, workingSetBytes: group.workingSetBytes };
}

function detailOf(record: TrialRecord): string {
  const notes = record.notes.map(({ text }) => text);
  switch (record.state) {
    case 'ok': {
      const { answered, windowSeconds } = record.measurement;
      return [`${counted(answered, 'response')}, window of ${significant(windowSeconds)} s`, ...notes].join('; ');
    }
    case 'failed':
    case 'invalid':
      return [`${causeTexts[record.cause]}: ${record.message}`, ...notes].join('; ');
    case 'not-run':
      return `${causeTexts[record.cause]}: ${record.reason}; ${record.remedy}`;
    case 'skipped':
    case 'interrupted':
      return [`${causeTexts[record.cause]}: ${record.reason}`, ...notes].join('; ');
  }
}

/** One row for each trial an absent target would have had; its id continues the numbers of the block. */
function rowsOfAbsent(plan: Plan): TrialRow[] {
  const absent = plan.targets.flatMap(({ targetId, absence }) => (absence === null ? [] : [{ targetId, absence }]));
  const replicates = Array.from({ length: plan.replicates }, (_unused, index) => index + 1);
  return plan.comparisons.flatMap(({ id }) =>
    replicates.flatMap((replicate) => {
      const planned = plan.blocks.find((block) => block.comparisonId === id && block.replicate === replicate);
      const blockId = planned?.blockId ?? `${id}.b${twoDigits(replicate)}`;
      const taken = planned?.trials.length ?? 0;
      return absent.map(
        ({ targetId, absence }, index): TrialRow => ({
          trialId: `${blockId}.t${twoDigits(taken + index + 1)}`,
          attempt: 1,
          comparisonId: id,
          replicate,
          targetId,
          role: 'target',
          state: 'not-run',
          cause: absence.cause,
          detail: oneLine(`${causeTexts[absence.cause]}: ${absence.reason}; ${absence.remedy}`),
          ...withoutFigures,
        }),
      );
    }),
  );
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ').trim();
