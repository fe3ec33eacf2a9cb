import { readHost } from '@photofinish/probes';
import type { TopologyCore } from '@photofinish/schema';
import type { Site } from './site/site.ts';

/** Cores a plan may use. */
export interface GrantedCores {
  readonly grantedCores: readonly number[];
  /** The cores of the servers' host as its kernel describes them. */
  readonly topology: readonly TopologyCore[];
  readonly loadCores: readonly number[] | null;
}

/** Cores a plan may use: those asked for, else all that can be had on the servers' host; and those of the load generator's own host, where there are two. */
export async function grantedCores(
  site: Pick<Site, 'topology' | 'placement'>,
  wanted: readonly number[] | null,
): Promise<GrantedCores> {
  const [{ allowedCores }, topology] = await Promise.all([readHost(), site.topology()]);
  if (site.placement.topology === 'same-host')
    return { grantedCores: wanted ?? allowedCores, topology, loadCores: null };
  return { grantedCores: wanted ?? topology.map(({ core }) => core), topology, loadCores: allowedCores };
}
