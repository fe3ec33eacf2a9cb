import type Dockerode from 'dockerode';
import type { LeaseHolder } from '../../engine.ts';
import { timely } from '../calls.ts';
import { labels } from '../labels.ts';

/** Labels that say what a lease container holds and for whom; no host or user names. */
export const leaseLabels = {
  cores: 'dev.photofinish.cores',
  since: 'dev.photofinish.since',
  version: 'dev.photofinish.version',
} as const;

/** A lease that is held on an engine now. */
export interface HeldLease {
  readonly containerId: string;
  readonly cores: readonly number[];
  readonly holder: LeaseHolder;
  /** The harness, as `ownLabel` gives it. */
  readonly owner: string;
}

/** Every lease that is held on an engine: those whose container lives. */
export async function heldLeases(client: Dockerode): Promise<HeldLease[]> {
  const filters = {
    label: [`${labels.kind}=lease`, leaseLabels.cores, labels.owner],
    status: ['running', 'paused'],
  };
  const found = await timely((abortSignal) => client.listContainers({ filters, abortSignal }));
  return found.map(({ Id, Labels }) => ({
    containerId: Id,
    cores: (Labels[leaseLabels.cores] ?? '').split(',').map(Number),
    holder: {
      runId: Labels[labels.run] ?? 'unknown',
      since: Labels[leaseLabels.since] ?? 'unknown',
      version: Labels[leaseLabels.version] ?? 'unknown',
    },
    owner: Labels[labels.owner] ?? '',
  }));
}
