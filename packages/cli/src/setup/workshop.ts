import { join } from 'node:path';
import {
  findToolchain,
  type Runtime,
  type SearchContext,
  type ToolchainSearch,
  toolchainEnvironment,
} from '@photofinish/engines';
import type { NativeCore } from '@photofinish/loadgen';
import type { PlannedTarget } from '@photofinish/schema';
import { writePayload } from '@photofinish/workloads';
import type { Invocation } from '../terminal.ts';
import { Steps } from '../ui/steps.ts';
import { type BuildOutcome, buildEnvironment, buildPackage } from './build.ts';
import { nativeCore } from './native-core.ts';
import { describeTarget } from './planned-target.ts';
import { allRuntimes } from './runtimes.ts';

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
  return {
    environment: { ...environment, PATH: environment.PHOTOFINISH_USER_PATH ?? environment.PATH },
    home: invocation.home,
    node: process.execPath,
  };
}

/** Looks for the toolchains of all runtimes at once. */
export async function searchToolchains(
  runtimes: readonly Runtime[],
  context: SearchContext,
): Promise<Map<string, ToolchainSearch>> {
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
  const runtimes = await allRuntimes(invocation);
  const searches = await steps.step('Looking for toolchains', 2, () => searchToolchains(runtimes, context));
  const core = await nativeCore(invocation, steps);
  const builds = new Map<string, BuildOutcome>();
  for (const { manifest, folder } of runtimes) {
    const found = searches.get(manifest.id)?.found;
    if (!runtimeIds.has(manifest.id) || !found) continue;
    const environment = buildEnvironment(invocation, {
      ...toolchainEnvironment(manifest, found, context),
      PHOTOFINISH_TOOLCHAIN: found.executable,
      PHOTOFINISH_TOOLCHAIN_VERSION: found.version,
    });
    const title = `Building the servers of ${manifest.name} with ${manifest.toolchain.name} ${found.version}`;
    builds.set(
      manifest.id,
      await steps.step(
        title,
        usualBuildSeconds[manifest.id] ?? 10,
        () => buildPackage(root, folder, environment, signal),
        (outcome) => outcome.built,
      ),
    );
  }
  const dataFolder = join(root, '.photofinish', 'data');
  await writePayload(dataFolder);
  return { runtimes, searches, builds, core, context, dataFolder };
}

/** The targets of a plan with what was found of them. */
export function plannedTargets(
  workshop: Pick<Workshop, 'runtimes' | 'searches' | 'builds'>,
  targetIds: readonly string[],
): PlannedTarget[] {
  return targetIds.map((targetId) => plannedTarget(workshop, targetId));
}

function plannedTarget(
  { runtimes, searches, builds }: Pick<Workshop, 'runtimes' | 'searches' | 'builds'>,
  targetId: string,
): PlannedTarget {
  const runtimeId = targetId.split('/')[0] ?? '';
  const search = searches.get(runtimeId);
  const build = builds.get(runtimeId);
  const failed = build !== undefined && !build.built ? build.reason : null;
  return describeTarget(runtimes, targetId, {
    image: null,
    toolchain: search?.found ? `${search.report.name} ${search.found.version}` : null,
    absence:
      search?.absence ??
      (failed === null
        ? null
        : {
            cause: 'build-failed',
            reason: failed,
            remedy: `Build it by hand and read what it says: cd runtimes/${runtimeId} && npm run build`,
          }),
  });
}
