import { expandTemplate, findModel, type ServerSpec, templateValues, toolchainEnvironment } from '@photofinish/engines';
import type { TargetSource } from '@photofinish/runner';
import { type ModelManifest, seconds, UsageError } from '@photofinish/schema';
import type { WantedInfo } from '@photofinish/workloads';
import type { Workshop } from '../setup/workshop.ts';

/** What one server is given: the contract's variables. */
export interface Grant {
  readonly cores: readonly number[];
  readonly threads: number;
  readonly cpuPool: number;
  readonly nonce: string;
  /** 0 picks a free port. */
  readonly port: number;
}

/** Longest time to the first correct answer: a JVM on a busy core needs a few seconds. */
const readyWithin = seconds(30);
/** The contract gives a server 5 s to finish what is in flight. */
const stopWithin = seconds(6);

/** How a target is started with a grant, and what its `/info` must then say. Throws `UsageError` for a target no runtime has. */
export function prepareServer(
  workshop: Workshop,
  targetId: string,
  grant: Grant,
): { spec: ServerSpec; wanted: WantedInfo } {
  const target = findModel(workshop.runtimes, targetId);
  const found = target === null ? null : workshop.searches.get(target.runtime.manifest.id)?.found;
  if (target === null || !found)
    throw new UsageError('E_UNKNOWN_TARGET', {
      what: `Target ${targetId} cannot be started.`,
      remedy: '`photofinish doctor` says what is missing.',
    });
  const { runtime, model } = target;
  const contract = contractVariables(workshop, model, grant);
  const values = { ...templateValues(found), ...contract };
  const spec: ServerSpec = {
    title: targetId,
    launch: {
      kind: 'process',
      folder: runtime.folder,
      command: model.command.map((part) => expandTemplate(part, values)),
    },
    environment: {
      ...toolchainEnvironment(runtime.manifest, found, workshop.context),
      ...Object.fromEntries(
        Object.entries(model.environment).map(([name, value]) => [name, expandTemplate(value, values)]),
      ),
      ...contract,
    },
    cores: grant.cores,
    readyWithin,
    stopWithin,
  };
  return { spec, wanted: wantedInfo(runtime.manifest.id, model, grant) };
}

function contractVariables(workshop: Workshop, model: ModelManifest, grant: Grant): Record<string, string> {
  return {
    HOST: '127.0.0.1',
    PORT: String(grant.port),
    MODEL: model.id,
    TRIAL_NONCE: grant.nonce,
    CORES: String(grant.cores.length),
    THREADS: String(grant.threads),
    CPU_POOL: String(grant.cpuPool),
    DATA_DIR: workshop.dataFolder,
  };
}

function wantedInfo(runtime: string, model: ModelManifest, grant: Grant): WantedInfo {
  return {
    runtime,
    model: model.id,
    nonce: grant.nonce,
    cores: grant.cores.length,
    processes: model.processes === 'cores' ? grant.cores.length : 1,
    threads: model.pools.includes('THREADS') ? grant.threads : null,
    cpuPool: model.pools.includes('CPU_POOL') ? grant.cpuPool : null,
  };
}

/** The targets of a plan, started as its comparisons say. */
export function targetSource(workshop: Workshop): TargetSource {
  return {
    prepare: (targetId, comparison, nonce) =>
      prepareServer(workshop, targetId, { cores: comparison.targetCores, ...comparison.sizes, nonce, port: 0 }),
  };
}
