import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { bytes, type Condition, type EnvironmentError } from '@photofinish/schema';
import type { DockerConnection } from './connection.ts';
import type { EngineDescription } from './description.ts';

/** What is known of an engine beside what it says of itself. */
export interface EngineSurroundings {
  readonly way: 'socket' | 'tls' | 'plain' | 'ssh';
  readonly local: boolean;
  /** Free bytes of the file system that holds images and containers; null where it cannot be read from here. */
  readonly freeBytes: number | null;
  /** Seconds; null when local and when no connection stood. */
  readonly roundTripSeconds: number | null;
}

type Judgement = Omit<Condition, 'id' | 'title'>;

const ok = (found: string): Judgement => ({ level: 'ok', found, effect: '', remedy: '' });
const warning = (found: string, effect: string, remedy: string): Judgement => ({
  level: 'warning',
  found,
  effect,
  remedy,
});
const refusal = (found: string, effect: string, remedy: string): Judgement => ({
  level: 'refusal',
  found,
  effect,
  remedy,
});

const gibibyte = 2 ** 30;
const oldestApi = [1, 41] as const;
/** Above this the network is a visible part of the shortest response times. */
const longRoundTrip = 0.001;

/** Every condition of a container engine that matters to a measurement, each ok, warning or refusal with what it does and what mends it. */
export async function engineConditions(connection: DockerConnection): Promise<Condition[]> {
  const { local, description, endpoint, options } = connection;
  const [account, freeBytes] = await Promise.all([
    connection.account(),
    local ? freeSpace(description.dataRoot) : Promise.resolve(null),
  ]);
  const secure = (options.environment.DOCKER_TLS_VERIFY ?? '') !== '';
  const way = endpoint.startsWith('unix:') ? 'socket' : endpoint.startsWith('ssh:') ? 'ssh' : secure ? 'tls' : 'plain';
  return judgeEngine(description, { way, local, freeBytes, roundTripSeconds: account.roundTripSeconds });
}

/** The one condition of an engine that cannot be connected to. */
export function unreachableCondition(error: EnvironmentError): Condition {
  const found = error.given === undefined ? error.what : `${error.what} (${error.given})`;
  return {
    id: 'engine-reachable',
    title: 'Container engine',
    ...refusal(found, 'servers cannot be started in containers', error.remedy),
  };
}

/** Judges an engine by what it says of itself and by what is seen of it. */
export function judgeEngine(engine: EngineDescription, around: EngineSurroundings): Condition[] {
  const judged: readonly (readonly [id: string, title: string, judgement: Judgement])[] = [
    ['engine-reachable', 'Container engine', reachable(engine, around)],
    ['engine-version', 'Version of the engine', version(engine)],
    ['engine-cgroup', 'Control groups of the engine', controlGroups(engine)],
    ['engine-cpuset', 'Pinning to cores', controller(engine, 'cpuset', engine.cpuset)],
    ['engine-memory', 'Memory limits', controller(engine, 'memory', engine.memoryLimit)],
    ['engine-pids', 'Limits of processes', controller(engine, 'pids', engine.pidsLimit)],
    ['engine-swap', 'Swap kept away from servers', swap(engine)],
    ['engine-rootless', 'User of the engine', rootless(engine)],
    ['engine-seccomp', 'Filter of system calls', seccomp(engine)],
    ['engine-disk', 'Free disk under the engine', disk(engine, around)],
    ['engine-storage', 'Storage of the engine', storage(engine)],
    ['engine-round-trip', 'Round trip to the engine', roundTrip(around)],
  ];
  return judged.map(([id, title, judgement]) => ({ id, title, ...judgement }));
}

/** In words and without addresses: conditions are published with results. */
function reachable({ name }: EngineDescription, { way, local }: EngineSurroundings): Judgement {
  if (local) return ok(`${name} of this machine`);
  if (way === 'socket') {
    return warning(
      `${name} behind a socket, with another kernel or memory than this machine`,
      'its control groups cannot be read here: figures come from its own account',
      'Start Photofinish on the machine of the engine, or name it by ssh:// or tcp:// in DOCKER_HOST.',
    );
  }
  const over = { ssh: 'ssh', tls: 'TLS', plain: 'a plain port of this machine' }[way];
  return ok(`${name} over ${over}`);
}

function version({ name, version: found, apiVersion }: EngineDescription): Judgement {
  const text = `${name} ${found}, API ${apiVersion}`;
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number);
  if (major > oldestApi[0] || (major === oldestApi[0] && minor >= oldestApi[1])) return ok(text);
  return refusal(
    text,
    `API ${oldestApi.join('.')} is needed: the version of control groups and the default filter of system calls are not told before`,
    'Install Docker Engine 20.10 or newer, or Podman 4 or newer.',
  );
}

function controlGroups({ cgroupDriver, cgroupVersion, rootless: isRootless }: EngineDescription): Judgement {
  const found = `v${cgroupVersion}, driver ${cgroupDriver}`;
  if (cgroupDriver === 'none') {
    return refusal(found, 'no limit can be set', delegation(isRootless));
  }
  if (cgroupVersion === '2') return ok(found);
  if (cgroupVersion === 'unknown') {
    const effect = 'whether pressure (PSI) of a single server can be told is not known';
    return warning(`version not told, driver ${cgroupDriver}`, effect, 'Update the engine.');
  }
  return warning(
    found,
    'version 1 tells no pressure (PSI) of a single server',
    'Boot with control groups version 2: systemd.unified_cgroup_hierarchy=1 on the kernel command line.',
  );
}

function controller(engine: EngineDescription, name: 'cpuset' | 'memory' | 'pids', given: boolean): Judgement {
  if (given) return ok(`${name} can be set`);
  const effect = {
    cpuset: 'servers cannot be pinned: they would share cores with each other and with the load generator',
    memory: 'a server may take all memory of the machine',
    pids: 'a server may start processes without end',
  }[name];
  const remedy =
    engine.rootless || engine.cgroupVersion === '2'
      ? delegation(engine.rootless)
      : `Mount the controller: mount -t cgroup -o ${name} cgroup /sys/fs/cgroup/${name}, then restart the engine.`;
  return refusal(`the engine lacks the controller ${name}`, effect, remedy);
}

/** docs.docker.com, rootless mode, "Limiting resources"; systemd.resource-control(5), Delegate=. */
function delegation(isRootless: boolean): string {
  return isRootless
    ? 'Delegate the controllers to users (needs control groups version 2): put "[Service]" and "Delegate=cpu cpuset io memory pids" into /etc/systemd/system/user@.service.d/delegate.conf, then systemctl daemon-reload and log in again.'
    : 'Enable the controllers for the engine: echo "+cpuset +memory +pids" > /sys/fs/cgroup/cgroup.subtree_control';
}

function swap({ swapLimit }: EngineDescription): Judgement {
  if (swapLimit) return ok('swap can be turned off for each server');
  return refusal(
    'the engine cannot limit swap',
    'a server above its memory limit may swap instead of being ended, so that its limits are not those of the plan',
    'swapoff -a, or boot with swapaccount=1 on the kernel command line',
  );
}

function rootless({ rootless: isRootless }: EngineDescription): Judgement {
  if (!isRootless) return ok('root');
  return warning(
    'an ordinary user (rootless)',
    'requests pass through a network in user space: response times are longer, and not comparable with those of an engine of root',
    'Use an engine of root for figures that are compared across machines; within this one they stand.',
  );
}

function seccomp({ securityOptions }: EngineDescription): Judgement {
  const option = securityOptions.find((one) => one.startsWith('name=seccomp'));
  if (option !== undefined && !option.includes('unconfined')) return ok(option.replace('name=', ''));
  return warning(
    option === undefined ? 'none' : 'unconfined',
    'servers may use every system call; the filter costs time on each, so figures differ from machines that have it',
    'Start the engine with its default seccomp profile (a kernel with CONFIG_SECCOMP_FILTER).',
  );
}

function disk({ dataRoot }: EngineDescription, { local, freeBytes }: EngineSurroundings): Judgement {
  if (freeBytes === null) {
    const effect = 'a full disk is noticed only when it makes something fail';
    return warning(
      local ? 'cannot be read' : 'not told by the engine of another machine',
      effect,
      'df -h, on that machine',
    );
  }
  const found = `${(freeBytes / gibibyte).toFixed(1)} GiB`;
  if (freeBytes >= 10 * gibibyte) return ok(found);
  const judge = freeBytes < gibibyte ? refusal : warning;
  return judge(
    found,
    freeBytes < gibibyte ? 'containers cannot be made' : 'builds of all images need about 10 GiB',
    `docker system df shows what takes it; df -h ${dataRoot}`,
  );
}

function storage({ storageDriver }: EngineDescription): Judgement {
  if (!/^(vfs|devicemapper|aufs)$/.test(storageDriver)) return ok(storageDriver);
  return warning(
    storageDriver,
    storageDriver === 'vfs'
      ? 'each container copies its whole image: starts are slow and the disk fills'
      : 'starts are slower than on overlay2',
    'Put {"storage-driver": "overlay2"} into /etc/docker/daemon.json (images must be built anew).',
  );
}

function roundTrip({ local, way, roundTripSeconds }: EngineSurroundings): Judgement {
  if (local || way === 'socket') return ok('none: the same machine');
  if (roundTripSeconds === null)
    return warning(
      'no connection stood',
      'the network is a part of response times that is not known',
      'Open the port to this machine.',
    );
  const found = `${(roundTripSeconds * 1000).toFixed(2)} ms`;
  if (roundTripSeconds <= longRoundTrip) return ok(found);
  return warning(
    found,
    'every response time holds it at least once',
    'Use machines in one rack, with a link of their own for the load.',
  );
}

async function freeSpace(folder: string): Promise<number | null> {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const found = await statfs(at).catch(() => null);
    if (found !== null) return bytes(found.bavail * found.bsize);
  }
  return null;
}
