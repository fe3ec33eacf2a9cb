import type { Condition, Host } from '@photofinish/schema';
import { fine, type Needs } from './condition.ts';

/** Readings of a spinning loop on idle cores, from the instrument. */
export interface HiccupReading {
  readonly core: number;
  readonly maximumSeconds: number;
  readonly lostShare: number;
}

const ok = (id: string, title: string, found: string) => fine({ id, title }, found);

/** Every condition of the host that matters to a measurement, each ok, warning or refusal with what it does and what mends it. */
export function judgeHost(host: Host, needs: Needs, hiccups: readonly HiccupReading[] | null): Condition[] {
  return [
    physicalCores(host),
    allowedCores(host, needs),
    fileDescriptors(host, needs),
    governor(host),
    load(host),
    clockSource(host),
    ...(hiccups === null ? [] : [noise(hiccups)]),
  ];
}

/** Reasons for which the host is `shape-only`: too few physical cores or a noisy hiccup meter (design section 7). Empty on a full host. */
export function shapeOnlyReasons(host: Host, hiccups: readonly HiccupReading[] | null): string[] {
  const reasons: string[] = [];
  if (host.physicalCores < minimumPhysicalCores)
    reasons.push(
      `${host.physicalCores} physical cores, ${minimumPhysicalCores} are needed to keep server and load generator apart`,
    );
  const noisy = hiccups === null ? [] : hiccups.filter((reading) => reading.lostShare > lostShareLimit);
  if (noisy.length > 0)
    reasons.push(
      `idle cores lose ${percent(Math.max(...noisy.map((reading) => reading.lostShare)))} of their time to gaps over 50 us (limit ${percent(lostShareLimit)})`,
    );
  return reasons;
}

const minimumPhysicalCores = 4;
/** Idle lost time above which tails are refused (reference: method 14). */
const lostShareLimit = 0.01;

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function physicalCores(host: Host): Condition {
  const title = 'Physical cores';
  const found = `${host.physicalCores} physical, ${host.logicalCores} logical`;
  if (host.physicalCores >= 8) return ok('physical-cores', title, found);
  const shapeOnly = host.physicalCores < minimumPhysicalCores;
  return {
    id: 'physical-cores',
    title,
    level: 'warning',
    found,
    effect: shapeOnly
      ? 'server and load generator share cores: the host is shape-only, a verdict needs a factor of 1.5'
      : 'few cores are left for the scaling of CPU work',
    remedy: 'Measure on a machine with 8 or more physical cores.',
  };
}

function allowedCores(host: Host, needs: Needs): Condition {
  const title = 'Cores this process may use';
  const found = host.allowedCores.join(',');
  const missing = (needs.cores ?? []).filter((core) => !host.allowedCores.includes(core));
  if (missing.length === 0) return ok('allowed-cores', title, found);
  return {
    id: 'allowed-cores',
    title,
    level: 'refusal',
    found,
    effect: `the plan wants core ${missing.join(', ')}`,
    remedy: `Give cores from ${found} with --cores, or widen the affinity of this shell: taskset -pc ${missing.join(',')} $$`,
  };
}

function fileDescriptors(host: Host, needs: Needs): Condition {
  const title = 'File descriptors';
  const found = String(host.fileDescriptorLimit);
  const wanted = needs.connections === null ? 1024 : Math.ceil(needs.connections * 1.2) + 100;
  if (host.fileDescriptorLimit >= wanted) return ok('file-descriptors', title, found);
  return {
    id: 'file-descriptors',
    title,
    level: needs.connections === null ? 'warning' : 'refusal',
    found,
    effect: `${wanted} are needed for the connections of this plan`,
    remedy: `ulimit -n ${wanted}`,
  };
}

function governor(host: Host): Condition {
  const title = 'CPU frequency governor';
  if (host.governor === null) return ok('governor', title, 'not shown by this kernel (usual in virtual machines)');
  if (host.governor === 'performance') return ok('governor', title, host.governor);
  return {
    id: 'governor',
    title,
    level: 'warning',
    found: host.governor,
    effect: 'the speed of the cores follows the load',
    remedy: 'sudo cpupower frequency-set -g performance',
  };
}

function load(host: Host): Condition {
  const title = 'Load of the last minute';
  if (host.loadAverage === null) return ok('load', title, 'not shown by this system');
  const found = host.loadAverage.toFixed(2);
  const limit = Math.max(0.5, host.logicalCores * 0.25);
  if (host.loadAverage <= limit) return ok('load', title, found);
  return {
    id: 'load',
    title,
    level: 'warning',
    found,
    effect: 'other programs take time from the measured cores',
    remedy: 'Stop what else is busy (top shows it) or wait until it has ended.',
  };
}

const goodClocks = new Set(['tsc', 'kvm-clock', 'arch_sys_counter', 'hyperv_clocksource_tsc_page']);

function clockSource(host: Host): Condition {
  const title = 'Clock source';
  if (host.clockSource === null) return ok('clock-source', title, 'not shown by this system');
  if (goodClocks.has(host.clockSource)) return ok('clock-source', title, host.clockSource);
  return {
    id: 'clock-source',
    title,
    level: 'warning',
    found: host.clockSource,
    effect: 'reading the clock is slow and coarse',
    remedy: 'Boot with clocksource=tsc where the processor allows it.',
  };
}

function noise(hiccups: readonly HiccupReading[]): Condition {
  const title = 'Gaps on idle cores';
  const lost = Math.max(0, ...hiccups.map((reading) => reading.lostShare));
  const longest = Math.max(0, ...hiccups.map((reading) => reading.maximumSeconds));
  const found = `${percent(lost)} of the time lost, longest gap ${(longest * 1000).toFixed(2)} ms`;
  if (lost <= lostShareLimit) return ok('hiccups', title, found);
  return {
    id: 'hiccups',
    title,
    level: 'warning',
    found,
    effect: 'the host is shape-only: tails of response time show the host, not the server',
    remedy: 'Measure on a machine of your own, or at a calmer hour.',
  };
}
