import { digestOf, Plan, type PlannedTarget } from '@photofinish/schema';
import { capacityRatio } from '@photofinish/stats';
import { analyse } from '../analysis/index.ts';
import { type Place, specimenComparison, specimenRun } from '../analysis/specimen/index.ts';
import type { PageInput } from '../pages/page.ts';
import { draws } from './draws.ts';
import { specimenTargets } from './targets.ts';

const levels = [1, 2, 4, 8];

/** Invented speedups on 1, 2, 4 and 8 cores: near linear, bent, turning, none at all, and steps that no law describes. */
const speedups: Readonly<Record<string, (cores: number) => number>> = {
  'go/goroutines': (cores) => capacityRatio(cores, { alpha: 0.005, beta: 0.0003 }),
  'python/multiprocessing': (cores) => capacityRatio(cores, { alpha: 0.02, beta: 0 }),
  'java/virtual-threads': (cores) => capacityRatio(cores, { alpha: 0.04, beta: 0.004 }),
  'node/cluster': (cores) => capacityRatio(cores, { alpha: 0.05, beta: 0.04 }),
  'java/platform-pool': (cores) => Math.min(cores, 2),
  'node/async-await': () => 1,
  'python/threads': (cores) => capacityRatio(cores, { alpha: 0.98, beta: 0.01 }),
};

/** A run of the fixed kernel on 1, 2, 4 and 8 cores, five blocks, through the real analysis; one target is absent. */
export function sweepSpecimen(): PageInput {
  const draw = draws(23);
  const wobble = new Map<string, number>();
  const factor = (key: string, spread: number): number => {
    const found = wobble.get(key) ?? Math.exp(spread * (draw() + draw() + draw() - 1.5));
    wobble.set(key, found);
    return found;
  };
  const figures = ({ comparison, targetId, replicate, role }: Place) => {
    const cores = comparison.targetCores.length;
    const drawn = factor(`${replicate}`, 0.05) * factor(`${comparison.id} ${targetId} ${replicate} ${role}`, 0.012);
    const throughput = 200 * (speedups[targetId]?.(cores) ?? 1) * drawn;
    const parallelCapacity =
      cores === 1 ? null : cores * (1 - 0.01 * cores * factor(`host ${cores} ${replicate}`, 0.4));
    return { throughput, medianSeconds: comparison.load.arrivals.connections / throughput, parallelCapacity };
  };
  const run = specimenRun({
    comparisons: levels.map((cores) => specimenComparison(`spin-${cores}`, 'cpu', cores)),
    targets: specimenTargets.map(({ targetId }) => targetId),
    absences: Object.fromEntries(
      specimenTargets.flatMap(({ targetId, absence }) => (absence === null ? [] : [[targetId, absence]])),
    ),
    provisional: true,
    figures,
  });
  const analysis = analyse(run);
  const named = (target: PlannedTarget): PlannedTarget =>
    specimenTargets.find(({ targetId }) => targetId === target.targetId) ?? target;
  const body = { ...run.plan, targets: run.plan.targets.map(named) };
  return {
    plan: Plan.parse({ ...body, hash: digestOf(body) }),
    analysis: { ...analysis, targets: analysis.targets.map(named) },
    environment: run.environment,
    generatedBy: { version: '0.1.0', command: 'npm run photofinish -- run cpu-bound --sweep-cores --blocks 5' },
  };
}
