import {
  connectDocker,
  type DockerConnection,
  dockerEngine,
  engineConditions,
  expandTemplate,
  findModel,
  type Runtime,
  readEngineStats,
  readRemoteTopology,
  reapDeadRuns,
  type ServerSpec,
  templateValues,
} from '@photofinish/engines';
import type { NativeCore } from '@photofinish/loadgen';
import { cgroupProbe, engineStatsProbe, readHost, readTopology } from '@photofinish/probes';
import { type NetworkPath, type PlannedTarget, type TopologyCore, UsageError } from '@photofinish/schema';
import { type BroughtImages, bringImages, findImages } from '../../setup/images.ts';
import { nativeCore } from '../../setup/native-core.ts';
import { describeTarget } from '../../setup/planned-target.ts';
import { allRuntimes } from '../../setup/runtimes.ts';
import { shippedImages } from '../../setup/shipped-images.ts';
import type { Invocation } from '../../terminal.ts';
import { Steps } from '../../ui/steps.ts';
import { type CalmBook, openCalmLevels } from '../calm-levels.ts';
import { contractVariables, type Grant, wantedInfo } from '../grant.ts';
import { hostInstruments, noHostInstruments } from './host.ts';
import type { SiteRequest } from './open-site.ts';
import { containerLimits, containerPlacement } from './placement.ts';
import { type PreparedServer, readyWithin, type Site, stopWithin } from './site.ts';
import type { Survey } from './survey.ts';

/** Port that servers listen on where every container has a network of its own. */
const containerPort = 8080;

/** Servers as containers: engine reached, remains of dead runs removed, images built where they are missing. */
export async function openDockerSite(invocation: Invocation, request: SiteRequest): Promise<Site> {
  const { environment, home, terminal } = invocation;
  const runtimes = await allRuntimes(invocation);
  const connection = await connectDocker({ environment, home });
  try {
    for (const { type, name, runId } of await reapDeadRuns(connection))
      terminal.err(`removed what run ${runId} left: ${type} ${name}\n`);
    const core = await nativeCore(invocation, new Steps(terminal));
    const images = await imagesFor(invocation, connection, runtimes, request.runtimeIds);
    const calm = connection.local ? await openCalmLevels(invocation.root) : null;
    return siteOf(connection, request, runtimes, core, images, calm);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** The images at the engine: those of this machine's engine sent over where it is another one and they stand here, the others built. */
async function imagesFor(
  invocation: Invocation,
  connection: DockerConnection,
  runtimes: readonly Runtime[],
  runtimeIds: ReadonlySet<string>,
): Promise<BroughtImages> {
  const shipped = connection.local ? null : await shippedImages(invocation, connection, runtimes, runtimeIds);
  return shipped ?? (await bringImages(invocation, connection, runtimes, runtimeIds));
}

function siteOf(
  connection: DockerConnection,
  request: SiteRequest,
  runtimes: readonly Runtime[],
  core: NativeCore,
  images: BroughtImages,
  calm: CalmBook | null,
): Site {
  const placement = containerPlacement(request.network, connection.local);
  const engine = dockerEngine({ connection, runId: request.runId, leaseImage: images.native.id, janitor: true });
  return {
    runtimes,
    core,
    searches: new Map(),
    engine,
    probe: connection.local ? cgroupProbe() : engineStatsProbe((id) => readEngineStats(connection.client, id)),
    host: calm === null ? noHostInstruments : hostInstruments(core, calm),
    placement,
    conditions: () => engineConditions(connection),
    topology: () => topologyOf(connection, images.native.id, request.runId),
    planned: (targetIds) => targetIds.map((targetId) => plannedContainer(runtimes, images.runtimes, targetId)),
    prepare: (targetId, grant) => prepareContainer(runtimes, images.runtimes, placement.network, targetId, grant),
    async [Symbol.asyncDispose]() {
      await engine.close();
      await connection.close();
    },
  };
}

async function topologyOf(connection: DockerConnection, image: string, runId: string): Promise<TopologyCore[]> {
  if (connection.local) return await readTopology((await readHost()).allowedCores);
  return await readRemoteTopology(connection.client, image, runId);
}

/** What stands at the engine without building or starting anything: a target without an image is planned all the same, since measuring builds it. */
export async function surveyDockerSite(
  { environment, home, root }: Invocation,
  runtimes: readonly Runtime[],
  network: SiteRequest['network'],
): Promise<Survey> {
  const connection = await connectDocker({ environment, home });
  const images = await findImages(connection.client, root, runtimes);
  return {
    placement: containerPlacement(network, connection.local),
    topology: async () => await readTopology((await readHost()).allowedCores),
    planned: (targetIds) => targetIds.map((targetId) => plannedContainer(runtimes, images, targetId)),
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

type Images = BroughtImages['runtimes'];

function plannedContainer(runtimes: readonly Runtime[], images: Images, targetId: string): PlannedTarget {
  const outcome = images.get(targetId.split('/')[0] ?? '');
  if (outcome === undefined) {
    const absence = {
      cause: 'image-missing' as const,
      reason: 'its runtime has no Dockerfile',
      remedy: 'Measure it with --engine local, or write the Dockerfile (docs/add-a-runtime.md).',
    };
    return describeTarget(runtimes, targetId, { image: null, toolchain: null, absence });
  }
  if (outcome.built) {
    const { image } = outcome;
    return describeTarget(runtimes, targetId, { image, toolchain: image.reference, absence: null });
  }
  const { cause, reason } = outcome;
  if (cause === 'image-missing')
    return describeTarget(runtimes, targetId, { image: null, toolchain: null, absence: null });
  const remedy = `Build it by hand and read what it says: npm run photofinish -- build ${targetId.split('/')[0]}`;
  return describeTarget(runtimes, targetId, { image: null, toolchain: null, absence: { cause, reason, remedy } });
}

function prepareContainer(
  runtimes: readonly Runtime[],
  images: Images,
  network: Exclude<NetworkPath, 'loopback'>,
  targetId: string,
  grant: Grant,
): PreparedServer {
  const target = findModel(runtimes, targetId);
  const outcome = images.get(target?.runtime.manifest.id ?? '');
  const toolchain = target?.runtime.manifest.image?.toolchain;
  if (target === null || outcome === undefined || !outcome.built || toolchain === undefined)
    throw new UsageError('E_UNKNOWN_TARGET', {
      what: `Target ${targetId} has no image to be started from.`,
      remedy: '`photofinish build` says what is missing.',
    });
  const { runtime, model } = target;
  const own = network !== 'host';
  const contract = contractVariables(model, grant, {
    host: own ? '0.0.0.0' : '127.0.0.1',
    port: own ? containerPort : grant.port,
    dataFolder: '/data',
  });
  const values = { ...templateValues({ executable: toolchain }), ...contract };
  const expanded = (templates: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(templates).map(([name, value]) => [name, expandTemplate(value, values)]));
  const spec: ServerSpec = {
    title: targetId,
    launch: {
      kind: 'container',
      image: outcome.image.id,
      command: model.command.map((part) => expandTemplate(part, values)),
      limits: containerLimits,
      network,
    },
    environment: {
      HOME: '/tmp',
      LANG: 'C.UTF-8',
      ...expanded(runtime.manifest.toolchain.environment),
      ...expanded(model.environment),
      ...contract,
    },
    cores: grant.cores,
    readyWithin,
    stopWithin,
  };
  return { spec, wanted: wantedInfo(runtime.manifest.id, model, grant) };
}
