import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { connectDocker, type DockerConnection } from '../docker/connection/connection.ts';
import type { ConnectionOptions } from '../docker/connection/endpoint.ts';
import { endContainerd, removeRemains } from './daemon-remains.ts';
import { networkNamespace } from './network-namespace.ts';

/** A second container engine of this machine, in a network of its own, with everything it writes in one temporary folder. */
export interface SecondDaemon extends AsyncDisposable {
  /** Its address, reachable from here; it listens at port 2376 when it was given certificates. */
  readonly address: string;
  /** Its socket here. */
  readonly socket: string;
  readonly folder: string;
  /** Path of its network namespace. */
  readonly namespace: string;
  /** How to connect by its socket. */
  readonly bySocket: ConnectionOptions;
  /** How to connect by TLS with the certificates of this folder. */
  byTls(certificates: string): ConnectionOptions;
  /** Sends it a signal; with SIGTERM or SIGKILL also waits for its end. Its containers live on after SIGKILL. */
  signal(name: NodeJS.Signals): Promise<void>;
  /** Starts it again after its end. */
  start(): Promise<void>;
  /** Takes its network away without a word to anybody, as a pulled cable does; its socket stays. */
  cutLink(): Promise<void>;
  /** Brings an image of the first engine over by its content. */
  loadImage(image: string, from: DockerConnection): Promise<void>;
}

/** What a second daemon is started with. */
export interface SecondDaemonOptions {
  /** Folder with `ca.pem`, `cert.pem` and `key.pem` of the server, made once its address is known; without it there is only the socket. */
  readonly certificates?: (address: string) => Promise<string>;
  /** Folder for images and containers instead of one of its own: a small file system, for instance. */
  readonly dataRoot?: string;
}

const startWithin = 30_000;

/** Why no second daemon can be had here, in words for a skipped test; null when it can. */
export async function secondDaemonLack(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a second container engine needs Linux and root';
  for (const program of ['dockerd', 'nsenter', 'ip', 'setpriv', 'openssl']) {
    const found = await execa('which', [program], { reject: false });
    if (found.exitCode !== 0) return `a second container engine needs \`${program}\``;
  }
  return null;
}

/** Starts a second daemon and waits until it answers. Throws with the last lines of its log when it does not. */
export async function startSecondDaemon(options: SecondDaemonOptions = {}): Promise<SecondDaemon> {
  const network = await networkNamespace();
  const folder = await mkdtemp(join(tmpdir(), 'pf2-'));
  const socket = join(folder, 'docker.sock');
  const log = join(folder, 'log');
  const certificates = await options.certificates?.(network.address);
  await mkdir(join(folder, 'exec'));
  await writeFile(join(folder, 'daemon.json'), '{}');
  const tls = certificates === undefined ? [] : tlsArguments(network.address, certificates);
  const command = [
    `--net=${network.path}`,
    'dockerd',
    ...['--config-file', join(folder, 'daemon.json')],
    ...['--data-root', options.dataRoot ?? join(folder, 'data')],
    ...['--exec-root', join(folder, 'exec')],
    ...['--pidfile', join(folder, 'pid')],
    ...['--host', `unix://${socket}`],
    ...tls,
  ];
  const bySocket: ConnectionOptions = { environment: {}, home: folder, dockerHost: `unix://${socket}` };
  let daemon: ChildProcess | null = null;

  const start = async () => {
    await endContainerd(folder);
    const words = openSync(log, 'a');
    // setpriv: it ends with the test, however that ends.
    daemon = spawn('setpriv', ['--pdeathsig', 'TERM', 'nsenter', ...command], { stdio: ['ignore', words, words] });
    const deadline = performance.now() + startWithin;
    for (;;) {
      const connection = await connectDocker(bySocket).catch(() => null);
      if (connection !== null) return await connection.close();
      if (daemon.exitCode !== null || performance.now() > deadline) {
        const lines = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-8);
        throw new Error(`the second container engine did not start:\n${lines.join('\n')}`);
      }
      await delay(50);
    }
  };
  const signal = async (name: NodeJS.Signals) => {
    if (daemon === null || hasEnded(daemon)) return;
    const ended = new Promise((resolve) => daemon?.once('exit', resolve));
    daemon.kill(name);
    if (name === 'SIGTERM' || name === 'SIGKILL') await ended;
  };
  const dispose = async () => {
    if (daemon !== null && !hasEnded(daemon)) {
      daemon.kill('SIGCONT');
      await removeContainers(bySocket).catch(() => {});
      await Promise.race([signal('SIGTERM'), delay(15_000)]);
      await signal('SIGKILL');
    }
    await removeRemains(folder);
    await network[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await start();
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    address: network.address,
    socket,
    folder,
    namespace: network.path,
    bySocket,
    byTls: (path) => ({
      environment: { DOCKER_HOST: `tcp://${network.address}:2376`, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: path },
      home: folder,
    }),
    signal,
    start,
    cutLink: network.cut,
    async loadImage(image, from) {
      const to = await connectDocker(bySocket);
      const answer = await to.client.loadImage(await from.client.getImage(image).get());
      await new Promise((resolve, reject) => answer.resume().on('end', resolve).on('error', reject));
      await to.client.getImage(image).inspect();
      await to.close();
    },
    [Symbol.asyncDispose]: dispose,
  };
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

function tlsArguments(address: string, folder: string): string[] {
  return [
    ...['--host', `tcp://${address}:2376`, '--tlsverify'],
    ...['--tlscacert', join(folder, 'ca.pem')],
    ...['--tlscert', join(folder, 'cert.pem')],
    ...['--tlskey', join(folder, 'key.pem')],
  ];
}

async function removeContainers(options: ConnectionOptions): Promise<void> {
  const connection = await connectDocker(options);
  const containers = await connection.client.listContainers({ all: true });
  await Promise.all(containers.map(({ Id }) => connection.client.getContainer(Id).remove({ force: true })));
  await connection.close();
}
