import { readFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Host } from '@photofinish/schema';
import { digestOf } from '@photofinish/schema';
import { parseCoreList } from './core-list.ts';

const line = (path: string) =>
  readFile(path, 'latin1').then(
    (text) => text.trim(),
    () => null,
  );

/** Reads what the host is, from an allow-list of kernel files. Fields the kernel does not tell are null. `root` is `/` outside tests. */
export async function readHost(root = '/'): Promise<Host> {
  const at = (...parts: string[]) => join(root, ...parts);
  const [cpuinfo, status, osRelease, governor, clockSource, smt, limits, mounts, hypervisor] = await Promise.all([
    line(at('proc/cpuinfo')),
    line(at('proc/self/status')),
    line(at('etc/os-release')),
    line(at('sys/devices/system/cpu/cpu0/cpufreq/scaling_governor')),
    line(at('sys/devices/system/clocksource/clocksource0/current_clocksource')),
    line(at('sys/devices/system/cpu/smt/active')),
    line(at('proc/self/limits')),
    line(at('proc/self/mounts')),
    line(at('sys/class/dmi/id/sys_vendor')),
  ]);
  const logical = cpus().length || 1;
  const allowedText = /^Cpus_allowed_list:\s+(\S+)$/m.exec(status ?? '')?.[1];
  return {
    cpuVendor: cpuField(cpuinfo, 'vendor_id') ?? 'unknown',
    cpuModel: cpuField(cpuinfo, 'model name') ?? cpus()[0]?.model ?? 'unknown',
    logicalCores: logical,
    physicalCores: await physicalCores(root, logical),
    allowedCores:
      allowedText === undefined
        ? Array.from({ length: availableParallelism() }, (_, core) => core)
        : parseCoreList(allowedText),
    smtActive: smt === null ? null : smt === '1',
    virtualisation: /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo ?? '') ? (hypervisor ?? 'virtual machine') : null,
    architecture: arch(),
    kernel: release(),
    operatingSystem: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(osRelease ?? '')?.[1] ?? platform(),
    memoryBytes: totalmem(),
    cgroupVersion: cgroupVersion(mounts),
    governor,
    clockSource,
    fileDescriptorLimit: Number(/^Max open files\s+(\d+)/m.exec(limits ?? '')?.[1] ?? 0),
    loadAverage: loadavg()[0] ?? null,
  };
}

function cpuField(cpuinfo: string | null, label: string): string | null {
  return new RegExp(`^${label}\\s*:\\s*(.+)$`, 'm').exec(cpuinfo ?? '')?.[1] ?? null;
}

async function physicalCores(root: string, logical: number): Promise<number> {
  const groups = new Set<string>();
  for (let core = 0; core < logical; core++) {
    const siblings = await line(join(root, `sys/devices/system/cpu/cpu${core}/topology/thread_siblings_list`));
    groups.add(siblings ?? String(core));
  }
  return Math.max(1, groups.size);
}

function cgroupVersion(mounts: string | null): Host['cgroupVersion'] {
  const types = new Set((mounts ?? '').split('\n').map((mount) => mount.split(' ')[2]));
  if (types.has('cgroup2')) return types.has('cgroup') ? 'hybrid' : 'v2';
  return types.has('cgroup') ? 'v1' : 'none';
}

/**
 * Key under which absolute figures may be compared: `hk1-` and 16 hexadecimal digits of SHA-256 over a versioned list of host fields, without
 * names, serials or addresses (reference: reliability 15.6). A change of the list changes the prefix.
 */
export function hostKeyOf(host: Host, engine: string): string {
  const {
    cpuVendor,
    cpuModel,
    allowedCores,
    smtActive,
    architecture,
    kernel,
    cgroupVersion: cgroup,
    governor,
    virtualisation,
  } = host;
  const memoryClass = Math.round(Math.log2(host.memoryBytes));
  const listed = {
    cpuVendor,
    cpuModel,
    cores: allowedCores.length,
    smtActive,
    architecture,
    kernel,
    cgroup,
    governor,
    virtualisation,
    memoryClass,
    engine,
  };
  return `hk1-${digestOf(listed).slice(0, 16)}`;
}
