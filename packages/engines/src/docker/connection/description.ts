import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { release, totalmem } from 'node:os';
import type { EngineAccount } from '@photofinish/schema';
import type Dockerode from 'dockerode';

/** What an engine says of itself, from the answers to `/version` and `/info` (Docker Engine API 1.41; Podman answers alike). */
export interface EngineDescription {
  readonly name: 'Docker' | 'Podman';
  readonly version: string;
  readonly apiVersion: string;
  readonly kernel: string;
  readonly memoryBytes: number;
  readonly cores: number;
  readonly cgroupDriver: string;
  /** `1`, `2`, or `unknown`. */
  readonly cgroupVersion: string;
  readonly rootless: boolean;
  readonly securityOptions: readonly string[];
  readonly storageDriver: string;
  readonly dataRoot: string;
  /** What the kernel and the delegation of the engine's group allow. */
  readonly cpuset: boolean;
  readonly memoryLimit: boolean;
  readonly swapLimit: boolean;
  readonly pidsLimit: boolean;
}

/** `/info` has no type in @types/dockerode. */
interface Info {
  KernelVersion?: string;
  MemTotal?: number;
  NCPU?: number;
  CgroupDriver?: string;
  CgroupVersion?: string;
  SecurityOptions?: string[] | null;
  Driver?: string;
  DockerRootDir?: string;
  CPUSet?: boolean;
  MemoryLimit?: boolean;
  SwapLimit?: boolean;
  PidsLimit?: boolean;
}

/** Asks an engine what it is. Rejects as the first request to an engine does. */
export async function describeEngineAt(client: Dockerode): Promise<EngineDescription> {
  const [version, info] = await Promise.all([client.version(), client.info() as Promise<Info>]);
  const components: { Name: string; Version: string }[] = version.Components ?? [];
  const podman = components.find((component) => component.Name === 'Podman Engine');
  const securityOptions = info.SecurityOptions ?? [];
  return {
    name: podman === undefined ? 'Docker' : 'Podman',
    // Debian adds its own suffix: 20.10.24+dfsg1.
    version: (podman?.Version ?? version.Version).replace(/\+.*$/, ''),
    apiVersion: version.ApiVersion,
    kernel: info.KernelVersion ?? 'unknown',
    memoryBytes: info.MemTotal ?? 0,
    cores: info.NCPU ?? 0,
    cgroupDriver: info.CgroupDriver ?? 'unknown',
    cgroupVersion: info.CgroupVersion ?? 'unknown',
    rootless: securityOptions.some((option) => /(^|=)rootless\b/.test(option)),
    securityOptions,
    storageDriver: info.Driver ?? 'unknown',
    dataRoot: info.DockerRootDir ?? '',
    cpuset: info.CPUSet === true,
    memoryLimit: info.MemoryLimit === true,
    swapLimit: info.SwapLimit === true,
    pidsLimit: info.PidsLimit === true,
  };
}

/**
 * Whether an engine behind a Unix socket runs on this machine: same kernel, same memory to the byte and same version of control groups. A socket
 * can be forwarded from elsewhere, and Docker Desktop's belongs to a virtual machine.
 */
export async function isThisMachine(engine: EngineDescription): Promise<boolean> {
  if (engine.kernel !== release() || engine.memoryBytes !== totalmem()) return false;
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '');
  const here = existsSync('/sys/fs/cgroup/cgroup.controllers') ? '2' : / cgroup /.test(mounts) ? '1' : null;
  return here === null || engine.cgroupVersion === 'unknown' || here === engine.cgroupVersion;
}

/** The part of a description that goes into plan, manifest and record. */
export function accountOf(engine: EngineDescription, roundTripSeconds: number | null): EngineAccount {
  return {
    id: 'docker',
    version: `${engine.name} ${engine.version}`,
    rootless: engine.rootless,
    cgroupDriver: engine.cgroupDriver,
    securityOptions: [...engine.securityOptions],
    roundTripSeconds,
  };
}
