import type { NetworkPath } from '@photofinish/schema';
import type { Invocation } from '../../terminal.ts';
import { openLocalSite } from './local.ts';
import type { Site } from './site.ts';

/** Where servers are to live, as the command line or a plan says. */
export interface SiteRequest {
  readonly engine: 'local' | 'docker';
  /** How containers are reached; null for what suits the engine's place, and for local processes. */
  readonly network: Exclude<NetworkPath, 'loopback'> | null;
  /** Runtimes whose servers will be started. */
  readonly runtimeIds: ReadonlySet<string>;
  /** Run that what the engine makes is labelled with. */
  readonly runId: string;
}

/** Brings up everything the servers of the given runtimes need, at the engine asked for. Throws `EnvironmentError` when it cannot be had. */
export async function openSite(invocation: Invocation, request: SiteRequest): Promise<Site> {
  if (request.engine === 'local') return await openLocalSite(invocation, request.runtimeIds);
  const { openDockerSite } = await import('./docker.ts');
  return await openDockerSite(invocation, request);
}
