import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The cgroup of a container on this machine, v1 or v2. */
export interface ContainerCgroup {
  readonly version: 'v1' | 'v2';
  /** A file of the cgroup, trimmed; `controller` counts with v1 only. Null where it cannot be read. */
  read(controller: string, file: string): Promise<string | null>;
}

const text = (path: string) =>
  readFile(path, 'utf8').then(
    (content) => content.trim(),
    () => null,
  );

/** A line of proc_pid_mountinfo(5) that mounts cgroups. */
interface CgroupMount {
  readonly type: 'cgroup' | 'cgroup2';
  readonly root: string;
  readonly point: string;
  readonly controllers: readonly string[];
}

function cgroupMounts(mountinfo: string): CgroupMount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root = '/', point = ''] = before.split(' ');
    const [type = '', , options = ''] = after.split(' ');
    return type === 'cgroup' || type === 'cgroup2' ? [{ type, root, point, controllers: options.split(',') }] : [];
  });
}

/** crun(1), `run.oci.systemd.subgroup`: with cgroup v2 the processes are one level below the group that carries the limits. */
const withoutSubgroup = (path: string) => path.replace(/(libpod-[0-9a-f]{64}(?:\.scope)?)\/container$/, '$1');

/**
 * The cgroup of a process, found by cgroups(7): its path in `/proc/<pid>/cgroup`, its place in the mounts of this process. v1 wherever the memory
 * controller is there. Null where there is neither.
 */
export async function cgroupOf(pid: number, proc = '/proc'): Promise<ContainerCgroup | null> {
  const [own, mountinfo] = await Promise.all([
    text(join(proc, String(pid), 'cgroup')),
    text(join(proc, 'self', 'mountinfo')),
  ]);
  if (own === null || mountinfo === null) return null;
  const mounts = cgroupMounts(mountinfo);
  const paths = own.split('\n').map((line) => {
    const [, controllers = '', ...path] = line.split(':');
    return { controllers: controllers.split(','), path: withoutSubgroup(path.join(':')) };
  });
  const folder = (mount: CgroupMount | undefined, path: string | undefined) =>
    mount === undefined || path === undefined
      ? null
      : join(mount.point, mount.root === '/' ? path : path.slice(mount.root.length));
  const v1 = (controller: string) =>
    folder(
      mounts.find((mount) => mount.type === 'cgroup' && mount.controllers.includes(controller)),
      paths.find(({ controllers }) => controllers.includes(controller))?.path,
    );
  const v2 = folder(
    mounts.find((mount) => mount.type === 'cgroup2'),
    paths.find(({ controllers }) => controllers.includes(''))?.path,
  );
  if (v1('memory') === null && v2 === null) return null;
  const version = v1('memory') === null ? 'v2' : 'v1';
  return {
    version,
    async read(controller, file) {
      const place = version === 'v1' ? v1(controller) : v2;
      return place === null ? null : await text(join(place, file));
    },
  };
}

/** How often the kernel killed for memory in a cgroup; null where it does not tell. */
export async function memoryKills(cgroup: ContainerCgroup | null): Promise<number | null> {
  const events = await cgroup?.read('memory', cgroup.version === 'v1' ? 'memory.oom_control' : 'memory.events');
  const count = /^oom_kill (\d+)$/m.exec(events ?? '')?.[1];
  return count === undefined ? null : Number(count);
}

/** A process of a container as this machine sees it. */
export interface ContainerProcess {
  readonly pid: number;
  readonly parent: number;
}

/** Every process of a container, in ascending order; empty where this process does not see them. */
export async function containerProcesses(containerId: string, proc = '/proc'): Promise<ContainerProcess[]> {
  const pids = (await readdir(proc).catch((): string[] => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid): Promise<ContainerProcess[]> => {
      if (!(await text(join(proc, pid, 'cgroup')))?.includes(containerId)) return [];
      const stat = (await text(join(proc, pid, 'stat'))) ?? '';
      return [{ pid: Number(pid), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) }];
    }),
  );
  return found.flat().sort((a, b) => a.pid - b.pid);
}
