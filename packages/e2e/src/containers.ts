import { execFileSync } from 'node:child_process';

/** Label that says which run an object of the engine belongs to. */
const runLabel = 'dev.photofinish.run';

const docker = (...args: readonly string[]) =>
  execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .filter((line) => line !== '');

/** Why the tests that need a container engine cannot run here; null when they can. */
export function withoutEngine(): string | null {
  try {
    docker('buildx', 'version');
    docker('version', '--format', '{{.Server.Version}}');
    return null;
  } catch {
    return 'no container engine with buildx answers here; https://docs.docker.com/engine/install tells how to get one';
  }
}

/** Everything an engine holds of one run, or of any run: containers of every state, networks and volumes, in words. `socket`: of another engine. */
export function remainsOf(runId?: string, socket?: string): string[] {
  const filter = `label=${runId === undefined ? runLabel : `${runLabel}=${runId}`}`;
  const engine = socket === undefined ? [] : ['--host', `unix://${socket}`];
  return [
    ...docker(...engine, 'ps', '--all', '--filter', filter, '--format', 'container {{.Names}} {{.Status}}'),
    ...docker(...engine, 'network', 'ls', '--filter', filter, '--format', 'network {{.Name}}'),
    ...docker(...engine, 'volume', 'ls', '--filter', filter, '--format', 'volume {{.Name}}'),
  ];
}

/** Ids of the running containers of a kind, `server` or `lease`. */
export function runningContainers(kind: string): string[] {
  return docker('ps', '--quiet', '--no-trunc', '--filter', `label=dev.photofinish.kind=${kind}`);
}

/** What `docker inspect` says of a container; null when it is gone by now. */
export function inspected(id: string): Inspected | null {
  try {
    return (JSON.parse(docker('inspect', id).join('\n')) as Inspected[])[0] ?? null;
  } catch {
    return null;
  }
}

/** The part of `docker inspect` that the hardened profile is about. */
export interface Inspected {
  readonly Id: string;
  readonly State: { readonly Running: boolean };
  readonly Mounts: readonly unknown[];
  readonly Config: { readonly User: string; readonly Labels: Readonly<Record<string, string>> };
  readonly HostConfig: Readonly<Record<string, unknown>>;
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> };
}

/** Ends a container's processes, or removes it, as somebody else would. */
export function meddle(...args: readonly string[]): void {
  docker(...args);
}
