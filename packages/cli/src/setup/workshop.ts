import { join } from 'node:path';
import { findToolchain, type Runtime, readRuntimes, type SearchContext, type ToolchainSearch, toolchainEnvironment } from '@photofinish/engines';
import { findNativeCore, type NativeCore } from '@photofinish/loadgen';
import { EnvironmentError, type PlannedTarget } from '@photofinish/schema';
import { writePayload } from '@photofinish/workloads';
import type { Invocation } from '../terminal.ts';
import { Steps } from '../ui/steps.ts';
import { type BuildOutcome, buildPackage } from './build.ts';

/** Everything that must stand before a server can be started: runtimes with their toolchains and builds, the native core, the data folder. */
export interface Workshop {
  readonly runtimes: readonly Runtime[];
  readonly searches: ReadonlyMap<string, ToolchainSearch>;
  readonly builds: ReadonlyMap<string, BuildOutcome>;
  readonly core: NativeCore;
  readonly context: SearchContext;
  readonly dataFolder: string;
}

/** Where toolchains are looked for: the user's own PATH, without what the bootstrap put before it. */
export function searchContext(invocation: Invocation): SearchContext {
  const { environment } = invocation;
  return { environment: { ...environment, PATH: environment.PHOTOFINISH_USER_PATH ?? environment.PATH }, home: invocation.home, node: process.execPath };
}

/** Looks for the toolchains of all runtimes at once. */
export async function searchToolchains(runtimes: readonly Runtime[], context: SearchContext): Promise<Map<string, ToolchainSearch>> {
  const entries = runtimes.map(async ({ manifest }) => [manifest.id, await findToolchain(manifest, context)] as const);
  return new Map(await Promise.all(entries));
}

/** Usual seconds of a build with nothing cached, by runtime, for the estimate only. */
const usualBuildSeconds: Readonly<Record<string, number>> = { java: 60, python: 25, go: 30 };

/** Brings up everything the given runtimes need. Throws `EnvironmentError` without a native core; a runtime that cannot be built is a row, not an error. */
export async function openWorkshop(invocation: Invocation, runtimeIds: ReadonlySet<string>): Promise<Workshop> {
  const { root, signal } = invocation;
  const steps = new Steps(invocation.terminal);
  const context = searchContext(invocation);
  const runtimes = await readRuntimes(join(root, 'runtimes'));
  const searches = await steps.step('Looking for toolchains', 2, () => searchToolchains(runtimes, context));
  const core = await nativeCore(invocation, steps);
  const builds = new Map<string, BuildOutcome>();
  for (const { manifest, folder } of runtimes) {
    const found = searches.get(manifest.id)?.found;
    if (!runtimeIds.has(manifest.id) || !found) continue;
    const environment = buildEnvironment(invocation, { ...toolchainEnvironment(manifest, found, context), PHOTOFINISH_TOOLCHAIN: found.executable, PHOTOFINISH_TOOLCHAIN_VERSION: found.version });
    const title = `Building the servers of ${manifest.name} with ${manifest.toolchain.name} ${found.version}`;
    builds.set(manifest.id, await steps.step(title, usualBuildSeconds[manifest.id] ?? 10, () => buildPackage(root, folder, environment, signal)));
  }
  const dataFolder = join(root, '.photofinish', 'data');
  await writePayload(dataFolder);
  return { runtimes, searches, builds, core, context, dataFolder };
}

/** The environment of this process with the runtime's own on top; pinned tools of the workspace come last on PATH. */
function buildEnvironment(invocation: Invocation, own: Readonly<Record<string, string>>): Record<string, string> {
  const inherited = Object.entries(invocation.environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const path = [own.PATH, join(invocation.root, 'node_modules', '.bin')].join(':');
  return { ...Object.fromEntries(inherited), ...own, PATH: path };
}

/** The native core from `PHOTOFINISH_LOADGEN`, the optional package, or built here by cargo. */
export async function nativeCore(invocation: Invocation, steps: Steps): Promise<NativeCore> {
  const folder = join(invocation.root, 'packages', 'loadgen');
  const where = { override: invocation.environment.PHOTOFINISH_LOADGEN, packageFolder: folder };
  const ready = await findNativeCore({ ...where, built: false });
  if (ready !== null) return ready;
  const outcome = await steps.step('Building the native core with cargo', 60, () => buildPackage(invocation.root, folder, buildEnvironment(invocation, { PATH: searchContext(invocation).environment.PATH ?? '' }), invocation.signal));
  const built = outcome.built ? await findNativeCore({ ...where, built: true }) : null;
  if (built !== null) return built;
  throw new EnvironmentError('E_NATIVE_CORE_MISSING', {
    what: 'The native core, which measures, could not be built.',
    given: outcome.built ? '' : outcome.reason,
    remedy: 'Install Rust (on Debian or Ubuntu: sudo apt-get install rustup && rustup default stable), or set PHOTOFINISH_LOADGEN to the path of a built photofinish-native.',
  });
}

/** The targets of a plan with what was found of them. */
export function plannedTargets(workshop: Workshop, targetIds: readonly string[]): PlannedTarget[] {
  return targetIds.map((targetId) => plannedTarget(workshop, targetId));
}

function plannedTarget(workshop: Workshop, targetId: string): PlannedTarget {
  const [runtimeId] = targetId.split('/');
  const runtime = workshop.runtimes.find(({ manifest }) => manifest.id === runtimeId);
  const modelIndex = runtime?.manifest.models.findIndex((model) => `${runtimeId}/${model.id}` === targetId) ?? -1;
  const model = runtime?.manifest.models[modelIndex];
  if (runtime === undefined || model === undefined) throw new Error(`target ${targetId} was not checked against the runtimes`);
  const { manifest } = runtime;
  const search = workshop.searches.get(manifest.id);
  const build = workshop.builds.get(manifest.id);
  const failed = build !== undefined && !build.built ? build.reason : null;
  return {
    targetId,
    runtimeId: manifest.id,
    runtimeName: manifest.name,
    modelTitle: model.title,
    colour: manifest.colour,
    modelIndex,
    hasThreadPool: model.pools.includes('THREADS'),
    toolchain: search?.found ? `${manifest.toolchain.name} ${search.found.version}` : null,
    absence:
      search?.absence ??
      (failed === null ? null : { cause: 'build-failed', reason: failed, remedy: `Build it by hand and read what it says: cd runtimes/${manifest.id} && npm run build` }),
  };
}
