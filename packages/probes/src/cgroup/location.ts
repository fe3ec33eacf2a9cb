import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError, MeasurementError } from '@photofinish/schema';
import { hierarchyOf, ownGroups, unifiedName } from './hierarchy.ts';

/** Folders that hold the account of one control group. Version 1 keeps each controller in a hierarchy of its own, version 2 has one for all. */
export type GroupFolders =
  | {
      readonly dialect: 'v1';
      readonly cpu: string;
      readonly cpuacct: string;
      readonly memory: string;
      /** The group's twin in a version 2 hierarchy mounted beside (hybrid); null where there is none. It alone keeps pressure. */
      readonly unified: string | null;
    }
  | { readonly dialect: 'v2'; readonly unified: string };

/**
 * Finds the control groups of a process: paths from `/proc/<pid>/cgroup`, places from `/proc/self/mountinfo` (cgroups(7), proc_pid_mountinfo(5)).
 * Version 1 is read where its `cpuacct` and `memory` controllers are mounted, on hybrid hosts too; version 2 elsewhere.
 *
 * Throws `MeasurementError` `E_PROBE` when the process is gone, `EnvironmentError` `E_CGROUP` when its groups cannot be seen from here or belong
 * to another container.
 */
export function locateGroup(pid: number, containerId: string | null, root = '/'): GroupFolders {
  const text = read(join(root, 'proc', String(pid), 'cgroup'));
  if (text === null) {
    throw new MeasurementError('E_PROBE', {
      what: 'The server had no process left when its control group was looked for.',
      remedy: 'Look at its last words in the trial record.',
    });
  }
  const paths = ownGroups(text);
  if (containerId !== null && ![...paths.values()].some((path) => path.includes(containerId)))
    throw unseen(`process ${pid} is not in container ${containerId.slice(0, 12)} as this process sees it`);
  const mountinfo = read(join(root, 'proc/self/mountinfo')) ?? '';
  const place = (controller: string) => {
    const path = groupOfContainer(paths.get(controller), containerId);
    const folder = path === null ? null : (hierarchyOf(mountinfo, controller)?.folderOf(path) ?? null);
    return folder === null ? null : join(root, folder);
  };
  const [cpu, cpuacct, memory, unified] = [place('cpu'), place('cpuacct'), place('memory'), place(unifiedName)];
  if (cpu !== null && cpuacct !== null && memory !== null) return { dialect: 'v1', cpu, cpuacct, memory, unified };
  if (unified !== null && read(join(unified, 'memory.current')) !== null) return { dialect: 'v2', unified };
  throw unseen(
    unified === null
      ? 'no mounted hierarchy shows a group of its own'
      : 'its group has no memory controller, which version 2 must delegate',
  );
}

/**
 * Path of the group that carries the container's limits and account: the one named after it, which may lie above that of its processes (crun(1),
 * `run.oci.systemd.subgroup`). Null where none is: a process that shares its group with others has no account of its own there.
 */
function groupOfContainer(path: string | undefined, containerId: string | null): string | null {
  if (path === undefined || containerId === null) return path ?? null;
  const parts = path.split('/');
  const last = parts.findLastIndex((part) => part.includes(containerId));
  return last === -1 ? null : parts.slice(0, last + 1).join('/');
}

/** An account that cannot be read is an error, never a zero. */
export function unseen(given: string): EnvironmentError {
  return new EnvironmentError('E_CGROUP', {
    what: 'The control group of the server cannot be read.',
    given,
    remedy:
      'Run Photofinish where the host’s groups are visible (in a container: --pid host --cgroupns host -v /sys/fs/cgroup:/sys/fs/cgroup); for a rootless engine delegate the controllers: Delegate=cpu cpuset memory pids in user@.service.',
  });
}

const read = (path: string): string | null => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
};
