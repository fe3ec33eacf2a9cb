import type { ContainerInspectInfo } from 'dockerode';

/** Capabilities a container of Podman has unless they are dropped (containers.conf(5)): `ALL` comes back as this list. */
const defaultCapabilities = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
];

/**
 * What Podman's `ContainerInspect` says, in Docker's words. Seen with Podman 4.3: an image by its name, signals by number, limits by their kernel
 * names, ports as they were chosen, namespaces by `private` and `shareable`, dropped capabilities one by one, temporary folders of its own beside those asked for, the name of
 * no network.
 */
export function inDockersWords(inspected: ContainerInspectInfo): ContainerInspectInfo {
  const { Config, HostConfig, NetworkSettings } = inspected;
  const dropped: string[] = HostConfig.CapDrop ?? [];
  const isAllDropped = defaultCapabilities.every((capability) => dropped.includes(capability));
  const networks = Object.keys(NetworkSettings.Networks ?? {});
  const limits = HostConfig.Ulimits?.map((limit) => ({
    ...limit,
    Name: (limit.Name ?? '').replace('RLIMIT_', '').toLowerCase(),
  }));
  return {
    ...inspected,
    Config: {
      ...Config,
      Image: `sha256:${inspected.Image.replace('sha256:', '')}`,
      Healthcheck: { Test: Config.Healthcheck?.Test ?? [] },
      ...{ StopSignal: stopSignal((Config as { StopSignal?: string }).StopSignal) },
    },
    HostConfig: {
      ...HostConfig,
      Ulimits: limits,
      Tmpfs: temporaryFolders(HostConfig.Tmpfs ?? {}),
      PortBindings: askedBindings(HostConfig.PortBindings ?? {}),
      CapDrop: isAllDropped ? ['ALL'] : dropped,
      IpcMode: HostConfig.IpcMode === 'shareable' ? 'private' : HostConfig.IpcMode,
      PidMode: HostConfig.PidMode === 'private' ? '' : HostConfig.PidMode,
      UTSMode: HostConfig.UTSMode === 'private' ? '' : HostConfig.UTSMode,
      NetworkMode: HostConfig.NetworkMode === 'bridge' ? networks.join() : HostConfig.NetworkMode,
    },
  };
}

const stopSignal = (given: string | undefined) => (given === '15' ? 'SIGTERM' : given);

/** Without what Podman adds to every read-only container (`--read-only-tmpfs`) and to every temporary folder. */
function temporaryFolders(given: Readonly<Record<string, string>>): Record<string, string> {
  const asked = Object.entries(given).filter(([folder]) => folder !== '/run' && folder !== '/var/tmp');
  return Object.fromEntries(asked.map(([folder, options]) => [folder, options.replace(/,rprivate|,tmpcopyup/g, '')]));
}

type Bindings = Readonly<Record<string, readonly { readonly HostIp: string }[]>>;

/** The port was left to the engine: which it chose is no difference. */
function askedBindings(given: Bindings): Bindings {
  const open = (bindings: Bindings[string]) => bindings.map((binding) => ({ ...binding, HostPort: '' }));
  return Object.fromEntries(Object.entries(given).map(([port, bindings]) => [port, open(bindings)]));
}
