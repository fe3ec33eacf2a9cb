import { join, relative } from 'node:path';

/** Name of the version 2 hierarchy among the controllers: it has none. */
export const unifiedName = '';

/** A mounted hierarchy of control groups. */
export interface Hierarchy {
  readonly mountPoint: string;
  /** Folder of a group by its path; null where the mount does not show it. */
  folderOf(path: string): string | null;
}

/** Path of a process's group by controller, from its `cgroup` file (cgroups(7)). */
export function ownGroups(text: string): Map<string, string> {
  const lines = text
    .split('\n')
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
    .filter((match) => match !== null);
  return new Map(
    lines.flatMap(([, controllers = '', path = '']) =>
      controllers.split(',').map((controller) => [controller, path] as const),
    ),
  );
}

/** The first mount of a controller's hierarchy, from `mountinfo` (proc_pid_mountinfo(5)); null where none is mounted. */
export function hierarchyOf(mountinfo: string, controller: string): Hierarchy | null {
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , shown = '', mountPoint = ''] = before.split(' ');
    const [type, , options = ''] = after.split(' ');
    const isIt =
      controller === unifiedName ? type === 'cgroup2' : type === 'cgroup' && options.split(',').includes(controller);
    if (!isIt) continue;
    return {
      mountPoint,
      folderOf(path) {
        const below = relative(shown, path);
        return below === '..' || below.startsWith('../') ? null : join(mountPoint, below);
      },
    };
  }
  return null;
}
