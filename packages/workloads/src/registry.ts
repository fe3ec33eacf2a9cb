import { nearest, UsageError } from '@photofinish/schema';
import { cpuJson } from './cpu-json/workload.ts';
import { cpuSpin } from './cpu-spin/workload.ts';
import { timer } from './timer/workload.ts';
import type { Workload } from './workload.ts';

/** Every workload by its id. */
export const workloads = {
  timer,
  'cpu-spin': cpuSpin,
  'cpu-json': cpuJson,
} as const satisfies Readonly<Record<string, Workload>>;

/** The workload of an id. Throws `UsageError` `E_UNKNOWN_WORKLOAD` with the nearest valid id. */
export function findWorkload(id: string): Workload {
  const found = Object.values(workloads).find((workload) => workload.id === id);
  if (found !== undefined) return found;
  const ids = Object.keys(workloads);
  const meant = nearest(id, ids);
  throw new UsageError('E_UNKNOWN_WORKLOAD', {
    what: `there is no workload ${id}`,
    given: id,
    allowed: ids.join(', '),
    remedy: meant === null ? 'choose one of those allowed' : `did you mean ${meant}?`,
  });
}
