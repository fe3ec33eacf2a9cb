import type { Limits } from '@photofinish/schema';
import type { ContainerCreateOptions, ContainerInspectInfo } from 'dockerode';
import { inDockersWords } from './podman.ts';

/** Everything that differs from one server's container to the next. */
export interface ProfileRequest {
  /** Podman names some of it otherwise. */
  readonly engine: 'Docker' | 'Podman';
  /** Image by content, `sha256:...`. */
  readonly image: string;
  /** Command in the image. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cores: readonly number[];
  readonly limits: Limits;
  /** Name of the container's own network, or `host`. */
  readonly network: string;
  /** Port to publish and the address to publish it on; null where none is. */
  readonly published: { readonly port: string; readonly address: string } | null;
  readonly labels: Readonly<Record<string, string>>;
}

/** Where every image holds the native core, whose supervisor is the parent of the server. */
const nativeCore = '/usr/local/bin/photofinish-native';

/** Who a server is in its container: nobody of the image. */
const user = '65532:65532';

/** How an answer is judged. `contains`: the image adds entries of its own. `docker-tells`: Podman does it and does not say so. */
type Rule = 'equals' | 'contains' | 'docker-tells';

/** One asserted key: its place in create options and inspect alike, what is asked, and how the answer is judged. */
interface ProfileKey {
  readonly key: string;
  readonly asked: (request: ProfileRequest) => unknown;
  readonly rule: Rule;
}

const key = (name: string, asked: unknown, rule: Rule = 'equals'): ProfileKey => ({
  key: name,
  asked: typeof asked === 'function' ? (asked as ProfileKey['asked']) : () => asked,
  rule,
});

/** Logs that never grow past 10 MB and never hold the server up. Podman has no `local` driver; its own writes a file in a process of its own. */
const logConfigs = {
  Docker: {
    Type: 'local',
    Config: { 'max-size': '10m', 'max-file': '1', compress: 'false', mode: 'non-blocking' },
  },
  Podman: { Type: 'k8s-file', Config: { 'max-size': '10m' } },
};

/**
 * The hardened profile: the one list that containers are created from and judged by. Names are those of the Docker Engine API 1.41
 * (`ContainerCreate`, `ContainerInspect`). The measured system calls, memory and processes are the server's alone: no health check of the
 * image executes in a window, no log grows without bound, no swap hides a leak.
 */
const profile: readonly ProfileKey[] = [
  key('Config.Image', (request: ProfileRequest) => request.image),
  key('Config.Entrypoint', [nativeCore, 'supervise', '--']),
  key('Config.Cmd', (request: ProfileRequest) => request.command),
  key(
    'Config.Env',
    (request: ProfileRequest) => Object.entries(request.environment).map(([name, value]) => `${name}=${value}`),
    'contains',
  ),
  key('Config.User', user),
  key('Config.Labels', (request: ProfileRequest) => request.labels, 'contains'),
  // The supervisor kills the server when its standard input ends, and the engine ends it when our connection does.
  key('Config.OpenStdin', true),
  key('Config.StdinOnce', true, 'docker-tells'),
  key('Config.AttachStdin', true, 'docker-tells'),
  key('Config.AttachStdout', false),
  key('Config.AttachStderr', false),
  key('Config.Tty', false),
  key('Config.StopSignal', 'SIGTERM'),
  key('Config.Healthcheck', { Test: ['NONE'] }),
  key('Config.Volumes', {}),
  key(
    'Config.ExposedPorts',
    ({ published }: ProfileRequest) => (published === null ? {} : { [`${published.port}/tcp`]: {} }),
    'contains',
  ),
  key('HostConfig.Init', true),
  key('HostConfig.CpusetCpus', (request: ProfileRequest) => [...request.cores].sort((a, b) => a - b).join(',')),
  key('HostConfig.CpusetMems', ''),
  key('HostConfig.CpuShares', 0),
  key('HostConfig.CpuQuota', 0),
  key('HostConfig.NanoCpus', 0),
  key('HostConfig.Memory', (request: ProfileRequest) => request.limits.memoryBytes),
  // Memory and swap together: equal to memory, so that there is no swap.
  key('HostConfig.MemorySwap', (request: ProfileRequest) => request.limits.memoryBytes),
  key('HostConfig.OomKillDisable', false),
  key('HostConfig.PidsLimit', (request: ProfileRequest) => request.limits.pids),
  key('HostConfig.Ulimits', ({ limits }: ProfileRequest) => [
    { Name: 'nofile', Soft: limits.openFiles, Hard: limits.openFiles },
    { Name: 'core', Soft: 0, Hard: 0 },
  ]),
  key('HostConfig.ReadonlyRootfs', true),
  key('HostConfig.Tmpfs', { '/tmp': 'rw,noexec,nosuid,nodev,size=256m,mode=1777' }),
  key('HostConfig.CapDrop', ['ALL']),
  key('HostConfig.CapAdd', []),
  key('HostConfig.Privileged', false),
  // No `seccomp=` here: the engine's default filter applies.
  key('HostConfig.SecurityOpt', ['no-new-privileges']),
  key('HostConfig.GroupAdd', []),
  key('HostConfig.Binds', []),
  key('HostConfig.Mounts', []),
  key('HostConfig.VolumesFrom', []),
  key('HostConfig.Devices', []),
  key('HostConfig.DeviceRequests', []),
  key('HostConfig.IpcMode', 'private'),
  key('HostConfig.PidMode', ''),
  key('HostConfig.UTSMode', ''),
  key('HostConfig.UsernsMode', ''),
  key('HostConfig.NetworkMode', (request: ProfileRequest) => request.network),
  key('HostConfig.PublishAllPorts', false),
  key('HostConfig.PortBindings', ({ published }: ProfileRequest) =>
    published === null ? {} : { [`${published.port}/tcp`]: [{ HostIp: published.address, HostPort: '' }] },
  ),
  key('HostConfig.LogConfig', ({ engine }: ProfileRequest) => logConfigs[engine], 'docker-tells'),
  key('HostConfig.RestartPolicy', { Name: 'no', MaximumRetryCount: 0 }),
  key('HostConfig.AutoRemove', false),
];

/** Every key of the profile with what a request asks there, in the order of the profile. */
export function profileKeys(request: ProfileRequest): { key: string; asked: unknown }[] {
  return profile.map(({ key: name, asked }) => ({ key: name, asked: asked(request) }));
}

/** The body of `ContainerCreate` that asks for exactly the profile. */
export function createOptions(request: ProfileRequest, name: string): ContainerCreateOptions {
  const hostConfig: Record<string, unknown> = {};
  const config: Record<string, unknown> = {};
  for (const { key: path, asked } of profileKeys(request)) {
    const [section = '', field = ''] = path.split('.');
    (section === 'HostConfig' ? hostConfig : config)[field] = asked;
  }
  return { ...config, name, HostConfig: hostConfig } as ContainerCreateOptions;
}

/** Each difference between the profile a request asked for and what the engine says of the container, in words. */
export function profileDifferences(request: ProfileRequest, inspected: ContainerInspectInfo): string[] {
  const { Config, HostConfig } = request.engine === 'Podman' ? inDockersWords(inspected) : inspected;
  const sections: Record<string, unknown> = { Config, HostConfig };
  const differences = profile.flatMap(({ key: path, asked, rule }) => {
    if (rule === 'docker-tells' && request.engine === 'Podman') return [];
    const [section = '', field = ''] = path.split('.');
    const given = (sections[section] as Record<string, unknown> | undefined)?.[field];
    const wanted = asked(request);
    if (rule === 'contains' ? contains(given, wanted) : text(given) === text(wanted)) return [];
    return [`${path} is ${text(given)}, not ${text(wanted)}`];
  });
  const mounts = (inspected.Mounts ?? []).map((mount) => `${mount.Destination} is mounted (${mount.Type})`);
  return [...differences, ...mounts];
}

function contains(given: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) return wanted.every((one) => Array.isArray(given) && given.includes(one));
  const entries = (given ?? {}) as Record<string, unknown>;
  return Object.entries(wanted as object).every(
    ([name, value]) => name in entries && text(entries[name]) === text(value),
  );
}

/** A value as canonical text. Engines write an empty value as null, absence, an empty list or an empty string: all are one here. */
function text(value: unknown): string {
  if (isEmpty(value)) return 'nothing';
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === false || value === 0) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
