import { type Cause, causeTexts, type Plan, type TrialRow } from '@photofinish/schema';
import { draws } from './draws.ts';
import { typicalFigures } from './figures.ts';

/** Something that happened to a trial of the specimen. */
export interface Incident {
  readonly comparisonId: string;
  readonly replicate: number;
  readonly targetId: string;
  readonly state: 'failed' | 'invalid' | 'not-run' | 'interrupted';
  readonly cause: Cause;
  readonly detail: string;
}

type Figures = Pick<
  TrialRow,
  | 'throughput'
  | 'responseTimeP50Seconds'
  | 'cpuPerRequestSeconds'
  | 'rssPeakBytes'
  | 'coreSlowness'
  | 'timeToReadySeconds'
  | 'group'
>;

const noFigures: Figures = {
  throughput: null,
  responseTimeP50Seconds: null,
  cpuPerRequestSeconds: null,
  rssPeakBytes: null,
  coreSlowness: null,
  timeToReadySeconds: null,
  group: null,
};

/** Every attempt of a run of the plan: each planned trial once, and once more before it where an `invalid` incident is given. */
export function specimenTrials(plan: Plan, incidents: readonly Incident[]): readonly TrialRow[] {
  const draw = draws(11);
  const wobble = (spread: number) => Math.exp(spread * (draw() + draw() + draw() - 1.5));
  const absent = plan.targets.flatMap(({ targetId, absence }) => (absence === null ? [] : [{ targetId, absence }]));
  const planned = plan.blocks.flatMap((block) => {
    const { arrivals } = plan.comparisons.find(({ id }) => id === block.comparisonId)?.load ?? {};
    const inFlight = arrivals?.loop === 'closed' ? arrivals.connections : 1;
    return block.trials.flatMap((trial): TrialRow[] => {
      const typical = typicalFigures[block.comparisonId]?.[trial.targetId];
      if (typical === undefined) throw new RangeError(`the specimen has no figures for ${trial.targetId}`);
      const throughput = typical.throughput * wobble(typical.spread);
      const figures: Figures = {
        throughput,
        responseTimeP50Seconds: (inFlight / throughput) * 0.995,
        cpuPerRequestSeconds: typical.cpuSeconds * wobble(typical.spread * 0.7),
        rssPeakBytes: Math.round(typical.memoryMebibytes * 1_048_576 * wobble(0.015)),
        coreSlowness: 1.02,
        timeToReadySeconds: 0.35,
        group: null,
      };
      const row: TrialRow = {
        trialId: trial.trialId,
        attempt: 1,
        comparisonId: block.comparisonId,
        replicate: block.replicate,
        targetId: trial.targetId,
        role: trial.role,
        state: 'ok',
        cause: null,
        detail: `${Math.round(throughput * 2)} responses to the requests of 2.00 s`,
        ...figures,
      };
      const incident = incidents.find(
        ({ comparisonId, replicate, targetId }) =>
          comparisonId === block.comparisonId && replicate === block.replicate && targetId === trial.targetId,
      );
      if (incident === undefined || trial.role === 'alias') return [row];
      const { state, cause, detail } = incident;
      const marked = { ...row, state, cause, detail: `${causeTexts[cause]}: ${detail}` };
      if (state === 'invalid') return [marked, { ...row, attempt: 2 }];
      return [{ ...marked, ...noFigures }];
    });
  });
  const never = plan.blocks.flatMap(({ blockId, comparisonId, replicate, trials }) =>
    absent.map(
      ({ targetId, absence }, index): TrialRow => ({
        trialId: `${blockId}.t${String(trials.length + index + 1).padStart(2, '0')}`,
        attempt: 1,
        comparisonId,
        replicate,
        targetId,
        role: 'target',
        state: 'not-run',
        cause: absence.cause,
        detail: `${causeTexts[absence.cause]}: ${absence.reason}; ${absence.remedy}`,
        ...noFigures,
      }),
    ),
  );
  return [...planned, ...never];
}
