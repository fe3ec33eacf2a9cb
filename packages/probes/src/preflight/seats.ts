import type { Condition, TopologyCore } from '@photofinish/schema';
import { type About, fine, harm, type Needs } from './condition.ts';

/** How the cores of a plan lie on the processor: hyper-threads, isolation, memory nodes (reference: method 14 and 15). */
export function judgeSeats(topology: readonly TopologyCore[], { cores }: Needs): Condition[] {
  const used = cores === null ? null : topology.filter(({ core }) => cores.includes(core));
  return [siblings(topology, used), isolation(topology, used), memoryNodes(topology, used)];
}

const numbers = (cores: readonly TopologyCore[]) => cores.map(({ core }) => core).join(',');

/** A hyper-thread outside the plan slows its sibling inside it by tens of percent, and nothing that the kernel counts shows it. */
function siblings(topology: readonly TopologyCore[], used: readonly TopologyCore[] | null): Condition {
  const about: About = { id: 'smt', title: 'Hyper-threads' };
  const physicals = new Set(topology.map(({ physical }) => physical));
  if (physicals.size === topology.length) return fine(about, 'one per physical core, or not shown');
  const found = `${topology.length} on ${physicals.size} physical cores`;
  if (used === null) return fine(about, found);
  const inside = new Set(used.map(({ physical }) => physical));
  const outside = topology.filter((core) => inside.has(core.physical) && !used.includes(core));
  if (outside.length === 0) return fine(about, `${found}, whole physical cores are used`);
  return harm(about, 'warning', {
    found: `${found}; core ${numbers(outside)} shares a physical core with the plan and is not in it`,
    effect: 'whatever runs there slows the measured cores, and no counter shows it',
    remedy: `Give whole physical cores: --cores ${numbers(topology.filter(({ physical }) => inside.has(physical)))}; or switch siblings off: echo off | sudo tee /sys/devices/system/cpu/smt/control`,
  });
}

function isolation(topology: readonly TopologyCore[], used: readonly TopologyCore[] | null): Condition {
  const about: About = { id: 'isolated-cores', title: 'Isolated cores' };
  const isolated = topology.filter((core) => core.isolated);
  if (isolated.length === 0) return fine(about, 'none');
  const found = numbers(isolated);
  if (used === null || used.some((core) => core.isolated)) return fine(about, found);
  return harm(about, 'warning', {
    found: `${found}, none of them in the plan`,
    effect: 'the quietest cores of the host stay idle',
    remedy: `Add them: --cores ${numbers([...used, ...isolated])}`,
  });
}

function memoryNodes(topology: readonly TopologyCore[], used: readonly TopologyCore[] | null): Condition {
  const about: About = { id: 'memory-nodes', title: 'Memory nodes (NUMA)' };
  const count = new Set(topology.map(({ node }) => node)).size;
  const found = String(count);
  const nodes = [...new Set((used ?? []).map(({ node }) => node))];
  if (nodes.length < 2) return fine(about, found);
  const sizes = nodes.map((node) => topology.filter((core) => core.node === node));
  const largest = sizes.reduce((best, cores) => (cores.length > best.length ? cores : best), []);
  return harm(about, 'warning', {
    found: `${found}; the plan uses ${nodes.join(',')}`,
    effect: 'memory of another node is slower, and which one a server gets is chance',
    remedy: `Stay on one node: --cores ${numbers(largest)}`,
  });
}
