import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cgroupOf, containerProcesses, memoryKills } from './cgroup.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'photofinish-cgroup-'));
});
afterEach(() => rm(root, { recursive: true }));

const id = 'aaee2bd3116da99137b5f82af1911412e6fc34c37f75120da61fb1134abeb2af';

async function plant(files: Record<string, string>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text.replaceAll('ROOT', root));
  }
  return join(root, 'proc');
}

// Lines as Docker 20.10 on a kernel with cgroup v1 (and an empty v2 beside it) has them.
const hybrid = {
  'proc/7/cgroup': `4:memory:/docker/${id}\n3:cpuset:/docker/${id}\n0::/docker/${id}\n`,
  'proc/self/mountinfo': [
    '34 31 0:31 / ROOT/cpuset rw,relatime - cgroup cgroup rw,cpuset',
    '35 31 0:32 / ROOT/memory rw,relatime shared:9 - cgroup cgroup rw,memory',
    '41 31 0:38 / ROOT/unified rw,relatime - cgroup2 cgroup2 rw',
  ].join('\n'),
  [`memory/docker/${id}/memory.oom_control`]: 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
  [`cpuset/docker/${id}/cpuset.cpus`]: '0-1\n',
};

// Lines as Docker with the systemd driver and cgroup v2 has them.
const unified = {
  'proc/7/cgroup': `0::/system.slice/docker-${id}.scope\n`,
  'proc/self/mountinfo': '30 23 0:26 / ROOT/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n',
  [`cgroup/system.slice/docker-${id}.scope/memory.events`]: 'low 0\nhigh 0\nmax 9\noom 3\noom_kill 1\n',
  [`cgroup/system.slice/docker-${id}.scope/cpuset.cpus`]: '1\n',
};

// As Podman with crun and cgroup v2 has them: the limits are one level above the processes.
const nested = {
  'proc/7/cgroup': `0::/machine.slice/libpod-${id}.scope/container\n`,
  'proc/self/mountinfo': '30 23 0:26 / ROOT/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n',
  [`cgroup/machine.slice/libpod-${id}.scope/memory.events`]: 'oom_kill 3\n',
  [`cgroup/machine.slice/libpod-${id}.scope/cpuset.cpus`]: '0\n',
  [`cgroup/machine.slice/libpod-${id}.scope/container/memory.events`]: 'oom_kill 0\n',
};

test.each([
  ['v2', nested, 3, '0'],
  ['v1', hybrid, 2, '0-1'],
  ['v2', unified, 1, '1'],
] as const)('kills for memory and cores are read from cgroup %s', async (version, files, kills, cores) => {
  const cgroup = await cgroupOf(7, await plant(files));
  expect(cgroup?.version).toBe(version);
  expect(await memoryKills(cgroup)).toBe(kills);
  expect(await cgroup?.read('cpuset', 'cpuset.cpus')).toBe(cores);
  expect(await cgroup?.read('pids', 'pids.max')).toBe(null);
});

test('where nothing can be read nothing is claimed', async () => {
  expect(await cgroupOf(7, join(root, 'proc'))).toBe(null);
  expect(await memoryKills(null)).toBe(null);
});

test('a path below the mounted part of the tree is found, as in a container with a view of its own', async () => {
  const files = {
    ...unified,
    'proc/self/mountinfo': `30 23 0:26 /system.slice ROOT/cgroup rw - cgroup2 cgroup2 rw\n`,
    [`cgroup/docker-${id}.scope/memory.events`]: 'oom_kill 5\n',
  };
  expect(await memoryKills(await cgroupOf(7, await plant(files)))).toBe(5);
});

test('the processes of a container are those in its cgroup, with their parents', async () => {
  const proc = await plant({
    'proc/7/cgroup': `0::/docker/${id}\n`,
    'proc/7/stat': '7 (docker-init) S 1 7 7 0',
    'proc/12/cgroup': `0::/docker/${id}\n`,
    'proc/12/stat': '12 (a) b (c) S 7 7 7 0',
    'proc/13/cgroup': '0::/docker/another\n',
    'proc/13/stat': '13 (other) S 1 13 13 0',
  });
  expect(await containerProcesses(id, proc)).toEqual([
    { pid: 7, parent: 1 },
    { pid: 12, parent: 7 },
  ]);
});
