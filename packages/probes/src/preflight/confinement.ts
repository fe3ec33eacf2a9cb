import { dirname, join } from 'node:path';
import { type Hierarchy, hierarchyOf, ownGroups } from '../cgroup/hierarchy.ts';
import { parseCoreList } from './core-list.ts';
import { kernelNumber, kernelText } from './kernel-file.ts';

/** What the harness's own control group and affinity leave it, and with it every process it starts. */
export interface Confinement {
  /** Cores that are switched on; empty where the kernel does not tell. */
  readonly onlineCores: readonly number[];
  /** Cores this process may use; empty where the kernel does not tell. */
  readonly allowedCores: readonly number[];
  /** The tightest CPU quota on the way from its group to the root, in cores; null where there is none. */
  readonly quotaCores: number | null;
}

/** Reads it from sysfs, procfs and the control groups of either version. `root` is `/` outside tests. */
export async function readConfinement(root = '/'): Promise<Confinement> {
  const [online, status, quotas] = await Promise.all([
    kernelText(join(root, 'sys/devices/system/cpu/online')),
    kernelText(join(root, 'proc/self/status')),
    readQuotas(root),
  ]);
  return {
    onlineCores: parseCoreList(online ?? ''),
    allowedCores: parseCoreList(/^Cpus_allowed_list:\s+(\S+)$/m.exec(status ?? '')?.[1] ?? ''),
    quotaCores: quotas.length === 0 ? null : Math.min(...quotas),
  };
}

/** Quotas of the group and of everything above it that can be seen, in cores. A quota above binds as well. */
async function readQuotas(root: string): Promise<number[]> {
  const [mountinfo, groups] = await Promise.all([
    kernelText(join(root, 'proc/self/mountinfo')),
    kernelText(join(root, 'proc/self/cgroup')),
  ]);
  const paths = ownGroups(groups ?? '');
  const read = async (controller: string, quotaOf: (folder: string) => Promise<number | null>) => {
    const hierarchy = hierarchyOf(mountinfo ?? '', controller);
    const folders = hierarchy === null ? [] : foldersUp(hierarchy, paths.get(controller), root);
    return (await Promise.all(folders.map(quotaOf))).filter((quota) => quota !== null);
  };
  return [...(await read('cpu', quotaOfVersion1)), ...(await read('', quotaOfVersion2))];
}

/** The folders of a group and of those above it, down to the mount's own. */
function foldersUp(hierarchy: Hierarchy, path: string | undefined, root: string): string[] {
  const own = hierarchy.folderOf(path ?? '/');
  const top = join(root, hierarchy.mountPoint);
  if (own === null) return [top];
  const folders = [top];
  for (let folder = join(root, own); folder.length > top.length; folder = dirname(folder)) folders.push(folder);
  return folders;
}

/** `cpu.cfs_quota_us` over `cpu.cfs_period_us`; -1 is no quota (kernel: scheduler/sched-bwc.rst). */
async function quotaOfVersion1(folder: string): Promise<number | null> {
  const [quota, period] = await Promise.all([
    kernelNumber(join(folder, 'cpu.cfs_quota_us')),
    kernelNumber(join(folder, 'cpu.cfs_period_us')),
  ]);
  return quota === null || quota <= 0 || period === null ? null : quota / period;
}

/** `cpu.max`, quota and period; `max` is no quota (kernel: cgroup-v2.rst, "CPU Interface Files"). */
async function quotaOfVersion2(folder: string): Promise<number | null> {
  const match = /^(\d+) (\d+)$/.exec((await kernelText(join(folder, 'cpu.max'))) ?? '');
  return match === null ? null : Number(match[1]) / Number(match[2]);
}
