import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TopologyCore } from '@photofinish/schema';
import { parseCoreList } from './core-list.ts';

const text = (path: string) =>
  readFile(path, 'latin1').then(
    (content) => content.trim(),
    () => null,
  );

/**
 * The online cores of this host as the kernel describes them (sysfs, cpu topology: Documentation/admin-guide/cputopology.rst). Where it does not,
 * every core stands for itself. `root` is `/` outside tests; `cores` are the numbers to fall back on.
 */
export async function readTopology(cores: readonly number[], root = '/'): Promise<TopologyCore[]> {
  const system = join(root, 'sys/devices/system');
  const [online, isolated, nodes] = await Promise.all([
    text(join(system, 'cpu/online')),
    text(join(system, 'cpu/isolated')),
    readNodes(system),
  ]);
  const numbers = online === null ? [...cores] : parseCoreList(online);
  const apart = new Set(parseCoreList(isolated ?? ''));
  const places = await Promise.all(numbers.map((core) => readPlace(system, core)));
  const physicals = [...new Set(places.map(({ key }) => key))];
  return places.map(({ core, package: socket, key }) => ({
    core,
    physical: physicals.indexOf(key),
    package: socket,
    node: nodes.get(core) ?? 0,
    isolated: apart.has(core),
  }));
}

async function readPlace(system: string, core: number): Promise<{ core: number; package: number; key: string }> {
  const folder = join(system, `cpu/cpu${core}/topology`);
  const [socket, siblings] = await Promise.all([
    text(join(folder, 'physical_package_id')),
    text(join(folder, 'thread_siblings_list')),
  ]);
  return { core, package: Math.max(0, Number(socket ?? 0)), key: siblings ?? String(core) };
}

/** Memory node of each core; empty where the kernel shows none. */
async function readNodes(system: string): Promise<Map<number, number>> {
  const names = (await readdir(join(system, 'node')).catch((): string[] => [])).filter((name) =>
    /^node\d+$/.test(name),
  );
  const lists = await Promise.all(
    names.map(async (name) => ({
      node: Number(name.slice(4)),
      cores: parseCoreList((await text(join(system, 'node', name, 'cpulist'))) ?? ''),
    })),
  );
  return new Map(lists.flatMap(({ node, cores }) => cores.map((core) => [core, node] as const)));
}
