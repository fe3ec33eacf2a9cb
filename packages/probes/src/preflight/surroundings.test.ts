import type { Condition, Host, TopologyCore } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { hostOf } from '../specimens/tree.ts';
import type { Needs } from './condition.ts';
import { readHost } from './host.ts';
import { judgeSurroundings, readSurroundings } from './surroundings.ts';
import { readTopology } from './topology.ts';

const status = (cores: string) => `Name:\tnode\nCpus_allowed_list:\t${cores}\n`;

/** A calm host of eight cores under version 2: Debian 13, no swap, no quota. */
const calm: Readonly<Record<string, string>> = {
  'sys/devices/system/cpu/online': '0-7\n',
  'proc/self/status': status('0-7'),
  'proc/self/mountinfo': '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n',
  'proc/self/mounts': 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n',
  'proc/self/cgroup': '0::/user.slice/user-1000.slice/session-2.scope\n',
  'sys/fs/cgroup/user.slice/user-1000.slice/cpu.max': 'max 100000\n',
  'proc/swaps': 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n',
  'proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
  'proc/sys/net/core/somaxconn': '4096\n',
  'proc/sys/net/netfilter/nf_conntrack_count': '45\n',
  'proc/sys/net/netfilter/nf_conntrack_max': '262144\n',
};

const plain: TopologyCore[] = Array.from({ length: 8 }, (_unused, core) => ({
  core,
  physical: core,
  package: 0,
  node: 0,
  isolated: false,
}));

const needs: Needs = { connections: 256, cores: [0, 1, 2, 3] };

async function conditionsOf(
  changes: Readonly<Record<string, string>>,
  asked: Needs = needs,
  topology: readonly TopologyCore[] = plain,
): Promise<Map<string, Condition>> {
  const root = hostOf({ ...calm, ...changes });
  const host: Host = { ...(await readHost()), cgroupVersion: 'v2' };
  const conditions = judgeSurroundings(await readSurroundings(root), host, topology, asked);
  return new Map(conditions.map((condition) => [condition.id, condition]));
}

test('nothing is wrong with a calm host', async () => {
  const conditions = [...(await conditionsOf({})).values()];
  expect(conditions.map(({ level }) => level)).toEqual(conditions.map(() => 'ok'));
  expect(conditions.map(({ id }) => id)).toEqual([
    'cgroups',
    'cpu-quota',
    'cpuset',
    'smt',
    'isolated-cores',
    'memory-nodes',
    'swap',
    'ephemeral-ports',
    'listen-queue',
    'connection-tracking',
  ]);
});

const unplanned: Needs = { connections: null, cores: null };
const many: Needs = { connections: 30_000, cores: [0, 1] };

const version1 = {
  'proc/self/mountinfo': '38 32 0:33 / /sys/fs/cgroup/cpu,cpuacct rw shared:15 - cgroup cgroup rw,cpu,cpuacct\n',
  'proc/self/cgroup': '3:cpu,cpuacct:/docker/abc\n',
  'sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us': '100000\n',
};
const quota2 = (path: string, quota: string) => ({ [`sys/fs/cgroup/${path}cpu.max`]: `${quota} 100000\n` });

describe('each condition', () => {
  test.each<[string, Record<string, string>, Needs, string, string, RegExp]>([
    ['a quota that the plan exceeds', quota2('user.slice/', '150000'), needs, 'cpu-quota', 'refusal', /cpuset/],
    ['a quota without a plan', quota2('user.slice/', '150000'), unplanned, 'cpu-quota', 'warning', /cpuset/],
    ['a quota that leaves the plan its cores', quota2('', '400000'), needs, 'cpu-quota', 'warning', /cpuset/],
    ['a quota as large as the cores', quota2('', '800000'), needs, 'cpu-quota', 'ok', /^$/],
    [
      'a quota of version 1',
      { ...version1, 'sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us': '200000\n' },
      needs,
      'cpu-quota',
      'refusal',
      /cpuset/,
    ],
    [
      'no quota of version 1',
      { ...version1, 'sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us': '-1\n' },
      needs,
      'cpu-quota',
      'ok',
      /^$/,
    ],
    [
      'a group that is the root of its own namespace',
      { 'proc/self/cgroup': '0::/\n', ...quota2('', '50000') },
      needs,
      'cpu-quota',
      'refusal',
      /cpuset/,
    ],
    ['a narrower cpuset', { 'proc/self/status': status('0-3') }, needs, 'cpuset', 'warning', /taskset -pc 0,1,2/],
    [
      'swap in use',
      { 'proc/swaps': 'Filename Type Size Used Priority\n/dev/vdb partition 2097148 51200 -2\n' },
      needs,
      'swap',
      'warning',
      /swapoff/,
    ],
    [
      'swap that lies idle',
      { 'proc/swaps': 'Filename Type Size Used Priority\n/dev/vdb partition 2097148 0 -2\n' },
      needs,
      'swap',
      'ok',
      /^$/,
    ],
    ['too few ports', {}, many, 'ephemeral-ports', 'refusal', /ip_local_port_range="1024 65535"/],
    [
      'too few ports even without a plan',
      { 'proc/sys/net/ipv4/ip_local_port_range': '60000 60100\n' },
      unplanned,
      'ephemeral-ports',
      'warning',
      /ip_local_port_range/,
    ],
    ['a short queue', { 'proc/sys/net/core/somaxconn': '128\n' }, needs, 'listen-queue', 'refusal', /somaxconn=4096/],
    ['a queue shorter than the burst', {}, many, 'listen-queue', 'warning', /somaxconn=30000/],
    [
      'a small tracking table',
      { 'proc/sys/net/netfilter/nf_conntrack_max': '500\n' },
      needs,
      'connection-tracking',
      'refusal',
      /nf_conntrack_max=262144/,
    ],
  ])('names %s', async (_what, changes, asked, id, level, remedy) => {
    const found = (await conditionsOf(changes, asked)).get(id);
    expect(found).toMatchObject({ level, remedy: expect.stringMatching(remedy) });
    expect(found?.effect === '').toBe(level === 'ok');
  });

  test('is no fault where the kernel tells nothing', async () => {
    const root = hostOf({});
    const host: Host = { ...(await readHost()), cgroupVersion: 'v2' };
    const conditions = judgeSurroundings(await readSurroundings(root), host, plain, needs);
    expect(conditions.every(({ level }) => level === 'ok')).toBe(true);
  });

  test('warns where no control groups are mounted', async () => {
    const host: Host = { ...(await readHost()), cgroupVersion: 'none' };
    const [first] = judgeSurroundings(await readSurroundings(hostOf(calm)), host, plain, needs);
    expect(first).toMatchObject({ id: 'cgroups', level: 'warning' });
  });
});

describe('the seats of a plan', () => {
  const paired = plain.map((core) => ({ ...core, physical: core.core % 4 }));
  const isolated = plain.map((core) => ({ ...core, isolated: core.core > 5 }));
  const nodes = plain.map((core) => ({ ...core, node: core.core < 2 ? 0 : 1 }));

  test.each<[string, TopologyCore[], number[] | null, string, string, RegExp]>([
    ['siblings outside the plan', paired, [0, 1], 'smt', 'warning', /--cores 0,1,4,5/],
    ['whole physical cores', paired, [0, 4], 'smt', 'ok', /^$/],
    ['isolated cores that stay idle', isolated, [0, 1], 'isolated-cores', 'warning', /--cores 0,1,6,7/],
    ['isolated cores in use', isolated, [5, 6], 'isolated-cores', 'ok', /^$/],
    ['two memory nodes in one plan', nodes, [0, 1, 2], 'memory-nodes', 'warning', /--cores 2,3,4,5,6,7/],
    ['two memory nodes and one in the plan', nodes, [2, 3], 'memory-nodes', 'ok', /^$/],
    ['two memory nodes without a plan', nodes, null, 'memory-nodes', 'ok', /^$/],
  ])('with %s', async (_what, topology, cores, id, level, remedy) => {
    const found = (await conditionsOf({}, { connections: 16, cores }, topology)).get(id);
    expect(found).toMatchObject({ level, remedy: expect.stringMatching(remedy) });
  });
});

test('this very machine can be read and judged', async () => {
  const host = await readHost();
  const surroundings = await readSurroundings();
  const conditions = judgeSurroundings(surroundings, host, await readTopology(host.allowedCores), unplanned);
  for (const { level, remedy } of conditions) expect(remedy === '').toBe(level === 'ok');
  expect(surroundings.confinement.allowedCores).toEqual(host.allowedCores);
});
