import type { AnalysedRun } from '../analysed-run.ts';
import { specimenEnvironment } from './environment.ts';
import type { SpecimenOptions } from './options.ts';
import { specimenPlan } from './plan.ts';
import { okTrial } from './record.ts';

/** A whole run in which every trial went well, unless the options say otherwise. */
export function specimenRun(options: SpecimenOptions = {}): AnalysedRun {
  const plan = specimenPlan(options);
  const places = plan.blocks.flatMap((block) => block.trials.map(({ trialId }) => ({ block, trialId })));
  const records = places.map(({ block, trialId }, sequence) => ({
    ...okTrial(plan, block, trialId, options.figures),
    sequence,
  }));
  return { plan, environment: specimenEnvironment(options.hostClass ?? 'full'), records };
}
