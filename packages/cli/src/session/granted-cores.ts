import { readHost } from '@photofinish/probes';
import type { Site } from './site/site.ts';

/** Cores a plan may use: those asked for, else all that can be had on the servers' host; and those of the load generator's own host, where there are two. */
export async function grantedCores(
  site: Pick<Site, 'topology' | 'placement'>,
  wanted: readonly number[] | null,
): Promise<{ grantedCores: readonly number[]; loadCores: readonly number[] | null }> {
  const { allowedCores } = await readHost();
  if (site.placement.topology === 'same-host') return { grantedCores: wanted ?? allowedCores, loadCores: null };
  return { grantedCores: wanted ?? (await site.topology()).map(({ core }) => core), loadCores: allowedCores };
}
