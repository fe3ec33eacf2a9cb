import { findModel, type Runtime } from '@photofinish/engines';
import type { PlannedTarget } from '@photofinish/schema';

/** What an engine found of a target: what it is started from, or why it cannot be. */
export type Finding = Pick<PlannedTarget, 'image' | 'toolchain' | 'absence'>;

/** A target of a plan: its manifest's facts and what the engine found. Targets were checked against the runtimes before. */
export function describeTarget(runtimes: readonly Runtime[], targetId: string, finding: Finding): PlannedTarget {
  const target = findModel(runtimes, targetId);
  if (target === null) throw new Error(`target ${targetId} was not checked against the runtimes`);
  const { manifest } = target.runtime;
  const { model } = target;
  return {
    targetId,
    runtimeId: manifest.id,
    runtimeName: manifest.name,
    modelTitle: model.title,
    colour: manifest.colour,
    modelIndex: manifest.models.indexOf(model),
    hasThreadPool: model.pools.includes('THREADS'),
    warmupSeconds: manifest.warmupSeconds,
    ...finding,
  };
}
