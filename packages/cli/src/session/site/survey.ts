import type { Runtime } from '@photofinish/engines';
import { readHost, readTopology } from '@photofinish/probes';
import { plannedTargets, searchContext, searchToolchains } from '../../setup/workshop.ts';
import type { Invocation } from '../../terminal.ts';
import type { SiteRequest } from './open-site.ts';
import { localPlacement } from './placement.ts';
import type { Site } from './site.ts';

/** What can be told of a site without building or starting anything. */
export type Survey = Pick<Site, 'planned' | 'placement' | 'topology' | typeof Symbol.asyncDispose>;

/** Looks at what the servers of the runtimes would be started from. Throws `EnvironmentError` when the engine cannot be reached. */
export async function surveySite(
  invocation: Invocation,
  runtimes: readonly Runtime[],
  request: Pick<SiteRequest, 'engine' | 'network'>,
): Promise<Survey> {
  if (request.engine === 'docker') {
    const { surveyDockerSite } = await import('./docker.ts');
    return await surveyDockerSite(invocation, runtimes, request.network);
  }
  const searches = await searchToolchains(runtimes, searchContext(invocation));
  return {
    placement: localPlacement,
    topology: async () => await readTopology((await readHost()).allowedCores),
    planned: (targetIds) => plannedTargets({ runtimes, searches, builds: new Map() }, targetIds),
    async [Symbol.asyncDispose]() {},
  };
}
