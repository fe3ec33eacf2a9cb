import { bytes, type Limits, type NetworkPath, type Placement, UsageError } from '@photofinish/schema';

/** Processes of this host, reached over loopback, without limits beside their cores. */
export const localPlacement: Placement = { network: 'loopback', topology: 'same-host', limits: null };

/**
 * What every container may use beside its cores, the same for all targets of a plan. Open files: 10,000 connections and a fifth more, and not so many
 * that an engine which may not raise its own limit (20,000 on some hosts) must refuse.
 */
export const containerLimits: Limits = { memoryBytes: bytes(2 * 2 ** 30), pids: 4096, openFiles: 16_384 };

/**
 * Containers with equal limits. By default they are reached at their own address on a network of their own, and on another machine through a
 * published port. Throws `UsageError` for a network that does not reach from here to there.
 */
export function containerPlacement(
  wanted: Exclude<NetworkPath, 'loopback'> | null,
  sameHost: boolean,
): Placement & { network: Exclude<NetworkPath, 'loopback'> } {
  if (sameHost) return { network: wanted ?? 'bridge', topology: 'same-host', limits: containerLimits };
  if (wanted === 'bridge')
    throw new UsageError('E_OPTION', {
      what: "A container's own address on a bridge is not reachable from another machine.",
      given: '--network bridge',
      allowed: 'published, host',
      remedy: 'Leave --network out: ports of a remote engine are published.',
    });
  return { network: wanted ?? 'published', topology: 'two-host', limits: containerLimits };
}
