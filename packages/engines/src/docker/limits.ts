import { readFile } from 'node:fs/promises';
import type { Container } from 'dockerode';
import { listed, statusField } from '../local/affinity.ts';
import { timely } from './calls.ts';
import { cgroupOf, containerProcesses } from './cgroup.ts';
import { engineError, statusOf } from './errors.ts';
import { type ProfileRequest, profileDifferences } from './profile.ts';

/** Pages of memory that a limit is rounded down to (Linux, `page_counter_memparse`). */
const page = 4096;

/**
 * Each difference between what a request asked for and what the engine says (`ContainerInspect`) and, where the processes are on this machine,
 * what the kernel says (cgroup files, proc_pid_status(5), proc_pid_limits(5)). Throws `EnvironmentLostError` when the engine is gone.
 */
export async function limitDifferences(
  container: Container,
  request: ProfileRequest,
  isLocal: boolean,
): Promise<string[]> {
  try {
    const inspected = await timely((abortSignal) => container.inspect({ abortSignal }));
    const differences = profileDifferences(request, inspected);
    if (!isLocal) return differences;
    const processes = await containerProcesses(inspected.Id);
    const kernel = await Promise.all([
      cgroupDifferences(request, processes[0]?.pid ?? 0),
      ...processes.map(({ pid }) => processDifferences(request, pid)),
    ]);
    return [...differences, ...kernel.flat()];
  } catch (error) {
    if (statusOf(error) === 404) return ['the container is gone'];
    throw engineError(error, 'reading the limits of a server back');
  }
}

interface Reading {
  readonly controller: string;
  readonly file: string;
  readonly asked: string;
}

function readings({ cores, limits }: ProfileRequest, version: 'v1' | 'v2'): Reading[] {
  const memory = String(Math.floor(limits.memoryBytes / page) * page);
  const one = (controller: string, file: string, asked: string): Reading => ({ controller, file, asked });
  const both = [
    one('cpuset', 'cpuset.cpus', [...cores].sort((a, b) => a - b).join(',')),
    one('pids', 'pids.max', String(limits.pids)),
  ];
  if (version === 'v2')
    return [
      ...both,
      one('memory', 'memory.max', memory),
      one('memory', 'memory.swap.max', '0'),
      one('cpu', 'cpu.max', 'max 100000'),
    ];
  return [
    ...both,
    one('memory', 'memory.limit_in_bytes', memory),
    // Memory and swap together; absent where the kernel does not account for swap.
    one('memory', 'memory.memsw.limit_in_bytes', memory),
    one('cpu', 'cpu.cfs_quota_us', '-1'),
  ];
}

async function cgroupDifferences(request: ProfileRequest, pid: number): Promise<string[]> {
  const cgroup = await cgroupOf(pid);
  if (cgroup === null) return [];
  const found = await Promise.all(
    readings(request, cgroup.version).map(async ({ controller, file, asked }) => {
      const given = await cgroup.read(controller, file);
      if (given === null) return [];
      const same = file === 'cpuset.cpus' ? listed(given) === asked : given === asked;
      return same ? [] : [`the kernel has ${file} ${given}, not ${asked}`];
    }),
  );
  return found.flat();
}

async function processDifferences({ cores, limits }: ProfileRequest, pid: number): Promise<string[]> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');
  const [status, processLimits] = await Promise.all([read('status'), read('limits')]);
  const allowed = statusField(status, 'Cpus_allowed_list');
  // A process may have ended since it was listed.
  if (allowed === null) return [];
  const asked = [...cores].sort((a, b) => a - b).join(',');
  const files = /^Max open files\s+(\d+)\s+(\d+)/m.exec(processLimits);
  const openFiles = files === null ? null : `${files[1]} and ${files[2]}`;
  const askedFiles = `${limits.openFiles} and ${limits.openFiles}`;
  return [
    ...(listed(allowed) === asked ? [] : [`process ${pid} may use cores ${listed(allowed)}, not ${asked}`]),
    ...(openFiles === null || openFiles === askedFiles
      ? []
      : [`process ${pid} may open ${openFiles} files, not ${askedFiles}`]),
  ];
}
