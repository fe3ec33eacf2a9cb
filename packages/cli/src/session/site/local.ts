import {
  expandTemplate,
  findModel,
  localEngine,
  type ServerSpec,
  templateValues,
  toolchainEnvironment,
} from '@photofinish/engines';
import { procfsProbe, readHost, readTopology } from '@photofinish/probes';
import { UsageError } from '@photofinish/schema';
import { openWorkshop, plannedTargets, type Workshop } from '../../setup/workshop.ts';
import type { Invocation } from '../../terminal.ts';
import { openCalmLevels } from '../calm-levels.ts';
import { contractVariables, type Grant, wantedInfo } from '../grant.ts';
import { hostInstruments } from './host.ts';
import { localPlacement } from './placement.ts';
import { type PreparedServer, readyWithin, type Site, stopWithin } from './site.ts';

/** Servers as processes of this machine: toolchains found, native core and servers built. Throws `EnvironmentError` without a native core. */
export async function openLocalSite(invocation: Invocation, runtimeIds: ReadonlySet<string>): Promise<Site> {
  const workshop = await openWorkshop(invocation, runtimeIds);
  const { core, runtimes, searches } = workshop;
  return {
    runtimes,
    core,
    searches,
    engine: localEngine(core.path),
    probe: procfsProbe(),
    host: hostInstruments(core, await openCalmLevels(invocation.root)),
    placement: localPlacement,
    conditions: async () => [],
    topology: async () => await readTopology((await readHost()).allowedCores),
    planned: (targetIds) => plannedTargets(workshop, targetIds),
    prepare: (targetId, grant) => prepareProcess(workshop, targetId, grant),
    async [Symbol.asyncDispose]() {},
  };
}

function prepareProcess(workshop: Workshop, targetId: string, grant: Grant): PreparedServer {
  const target = findModel(workshop.runtimes, targetId);
  const found = target === null ? null : workshop.searches.get(target.runtime.manifest.id)?.found;
  if (target === null || !found)
    throw new UsageError('E_UNKNOWN_TARGET', {
      what: `Target ${targetId} cannot be started.`,
      remedy: '`photofinish doctor` says what is missing.',
    });
  const { runtime, model } = target;
  const { dataFolder, context } = workshop;
  const contract = contractVariables(model, grant, { host: '127.0.0.1', port: grant.port, dataFolder });
  const values = { ...templateValues(found), ...contract };
  const spec: ServerSpec = {
    title: targetId,
    launch: {
      kind: 'process',
      folder: runtime.folder,
      command: model.command.map((part) => expandTemplate(part, values)),
    },
    environment: {
      ...toolchainEnvironment(runtime.manifest, found, context),
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
