import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EnvironmentError } from '@photofinish/schema';
import { execa } from 'execa';
import { type Endpoint, endpointText } from './endpoint.ts';

type SshEndpoint = Extract<Endpoint, { kind: 'ssh' }>;

/** A socket of this machine behind which an engine of another one answers. */
export interface Tunnel {
  /** Path of the socket here. */
  readonly socket: string;
  /** Name or address of the other machine, after the user's ssh settings. */
  readonly host: string;
  /** Port of its ssh server. */
  readonly port: number;
  close(): Promise<void>;
}

const openWithin = 20_000;
const options = [
  'BatchMode=yes',
  'StrictHostKeyChecking=yes',
  'ServerAliveInterval=10',
  'ServerAliveCountMax=3',
  'ConnectTimeout=15',
  'ExitOnForwardFailure=yes',
  'ControlMaster=no',
  'ControlPath=none',
].flatMap((option) => ['-o', option]);

/**
 * Opens one ssh process that forwards a private socket here to the engine's socket there: one connection for the whole run, since one per request
 * meets the limits of sshd (docker/compose#10117). The process ends with this one, however this one ends. Throws `EnvironmentError` `E_ENGINE_SSH`.
 */
export async function openTunnel(
  endpoint: SshEndpoint,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Tunnel> {
  const address = [...(endpoint.port === null ? [] : ['-p', String(endpoint.port)]), '--', endpoint.destination];
  const { host, port } = await settings(address, endpoint, environment);
  const folder = await mkdtemp(join(tmpdir(), 'photofinish-ssh-'));
  const socket = join(folder, 'engine.sock');
  const guard = spawn(process.execPath, [join(import.meta.dirname, 'tunnel-guard.ts')], {
    env: environment as NodeJS.ProcessEnv,
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  });
  guard.stdin.on('error', () => {});
  const command = ['ssh', '-N', '-T', '-L', `${socket}:${endpoint.socket}`, ...options, ...address];
  guard.stdin.write(`${JSON.stringify([folder, ...command])}\n`);
  let said = '';
  guard.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk.replaceAll('\r', '')).slice(-4000);
  });
  const close = () => end(guard, folder);
  try {
    await appears(socket, guard);
  } catch {
    await close();
    throw sshError(endpoint, said.trim());
  }
  guard.unref();
  return { socket, host, port, close };
}

/** Host and port after the user's ssh settings, as `ssh -G` prints them (ssh(1)). */
async function settings(
  address: readonly string[],
  endpoint: SshEndpoint,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ host: string; port: number }> {
  const answer = await execa('ssh', ['-G', ...address], {
    env: environment as NodeJS.ProcessEnv,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: openWithin,
  });
  if (answer.failed) throw sshError(endpoint, answer.stderr || (answer.shortMessage ?? ''));
  const value = (name: string) => new RegExp(`^${name} (.+)$`, 'm').exec(answer.stdout)?.[1];
  const ofDestination = endpoint.destination.slice(endpoint.destination.indexOf('@') + 1);
  return { host: value('hostname') ?? ofDestination, port: Number(value('port') ?? 22) };
}

async function appears(socket: string, guard: ChildProcess): Promise<void> {
  const deadline = performance.now() + openWithin;
  while (performance.now() < deadline) {
    if (guard.exitCode !== null || guard.signalCode !== null) break;
    if ((await stat(socket).catch(() => null)) !== null) return;
    await delay(20);
  }
  throw new Error('no tunnel');
}

async function end(guard: ChildProcess, folder: string): Promise<void> {
  guard.stdin?.end();
  if (guard.exitCode === null && guard.signalCode === null) {
    await Promise.race([new Promise((resolve) => guard.once('exit', resolve)), delay(2000)]);
  }
  await rm(folder, { recursive: true, force: true });
}

function sshError(endpoint: SshEndpoint, given: string): EnvironmentError {
  return new EnvironmentError('E_ENGINE_SSH', {
    what: 'The container engine cannot be reached over ssh.',
    where: endpointText(endpoint),
    ...(given === '' ? {} : { given }),
    remedy: /host key|known_hosts/i.test(given)
      ? `Check and accept the key of that machine by hand: ssh ${endpoint.destination} true`
      : /permission denied/i.test(given)
        ? `Give this user a key there that needs no question (ssh-agent): ssh -o BatchMode=yes ${endpoint.destination} true`
        : `Try it by hand: ssh -o BatchMode=yes ${endpoint.destination} docker version`,
  });
}
