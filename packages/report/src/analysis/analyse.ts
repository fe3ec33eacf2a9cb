import { type Analysis, formatVersion, type Plan, type Stamp } from '@photofinish/schema';
import { type AnalysedRun, requireOneRun } from './analysed-run.ts';
import { capacitiesOf, capacityOfRun } from './capacity.ts';
import { countStates, finalState } from './cell.ts';
import { judgeClaims } from './claims/claims.ts';
import { analyseComparison } from './comparison.ts';
import { rowsOf } from './rows.ts';
import { scalingOf } from './scaling.ts';
import { sentencesOf } from './sentences.ts';
import { sweepsOf } from './sweep.ts';
import { historiesOf } from './trials.ts';

/**
 * Everything derived from a run: pure, deterministic, from its files alone. The same object is shown by terminal, page, charts and exports. Throws
 * `ResultsError` where records contradict the plan.
 */
export function analyse(run: AnalysedRun): Analysis {
  requireOneRun(run);
  const { plan, environment } = run;
  const histories = historiesOf(plan, run.records);
  const isComplete = histories.every(({ isSettled }) => isSettled);
  const isShapeOnly = environment.hostClass === 'shape-only';
  const terms = { minimumBlocks: plan.minimumBlocks, isShapeOnly, isProvisional: plan.provisional };
  const stamps = stampsOf(plan.provisional, isShapeOnly, isComplete);
  // Where the generator has to share a physical core with the target no host shows more than shapes, however many cores it has.
  const comparisons = plan.comparisons.map((comparison) =>
    analyseComparison(plan, comparison, histories, {
      ...terms,
      isShapeOnly: isShapeOnly || comparison.sharesPhysicalCores,
    }),
  );
  const claims = judgeClaims({ plan, histories }, stamps);
  return {
    schemaVersion: formatVersion,
    runId: environment.runId,
    planHash: plan.hash,
    experiment: experimentOf(plan),
    baseline: plan.baseline,
    replicates: plan.replicates,
    stamps,
    hostClassReasons: [...environment.hostClassReasons],
    complete: isComplete,
    targets: [...plan.targets],
    comparisons,
    leftOut: [...plan.leftOut],
    parallelCapacity: capacityOfRun(plan.comparisons, histories),
    parallelCapacities: capacitiesOf(plan.comparisons, histories),
    scaling: scalingOf(plan, histories),
    sweeps: sweepsOf(plan, histories),
    claims,
    states: countStates([...histories.map(finalState), ...statesOfAbsent(plan)]),
    trials: rowsOf(plan, histories),
    sentences: sentencesOf({ plan, claims, comparisons, isComplete }),
  };
}

function experimentOf({ experiment }: Plan): Analysis['experiment'] {
  const { id, version, title, question } = experiment;
  return { id, version, title, question };
}

function stampsOf(isProvisional: boolean, isShapeOnly: boolean, isComplete: boolean): Stamp[] {
  const stamps: Stamp[] = [];
  if (isProvisional) stamps.push('provisional');
  if (isShapeOnly) stamps.push('shape-only');
  if (!isComplete) stamps.push('incomplete');
  return stamps;
}

function statesOfAbsent(plan: Plan): 'not-run'[] {
  const absent = plan.targets.filter(({ absence }) => absence !== null).length;
  return new Array<'not-run'>(absent * plan.comparisons.length * plan.replicates).fill('not-run');
}
