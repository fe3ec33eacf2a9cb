import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Container, ContainerCreateOptions } from 'dockerode';
import type { LeaseHolder } from '../../engine.ts';
import { timely } from '../calls.ts';
import type { DockerConnection } from '../connection/connection.ts';
import { isUnreachable, statusOf, tolerating } from '../errors.ts';
import { ownLabels } from '../labels.ts';
import { leaseLabels } from './holders.ts';

/** Seconds of silence after which the container ends; the holder writes three times as often, and each is answered. */
const usualSilence = 30;
const mebibyte = 2 ** 20;
/** Podman keeps the input of a container open when its holder lets go. */
const removedWithin = 2000;

/** What a lease on an engine's cores is asked for with. */
export interface LeaseRequest {
  readonly connection: DockerConnection;
  /** Cores of the engine's machine. */
  readonly cores: readonly number[];
  readonly holder: LeaseHolder;
  /** Any image of ours: it must hold the native core at `/usr/local/bin/photofinish-native`. */
  readonly image: string;
  /** Seconds after which both sides take the way between them for cut; 30 outside tests. */
  readonly silence?: number;
}

/** A container that lives for as long as this process holds its input. */
export interface LeaseContainer {
  /** Resolves when the container or the way to it is gone without `release`. */
  readonly lost: Promise<void>;
  /** Lets go, and waits until the engine has removed the container. */
  release(): Promise<void>;
}

/** Starts the container of a lease. Throws what the engine answers, with nothing left. */
export async function startLeaseContainer(request: LeaseRequest): Promise<LeaseContainer> {
  const { client } = request.connection;
  const body = await createOptions(request);
  const container = await timely((abortSignal) => client.createContainer({ ...body, abortSignal }));
  let stream: Duplex | null = null;
  try {
    stream = (await timely(() =>
      container.attach({ stream: true, stdin: true, stdout: true, hijack: true }),
    )) as unknown as Duplex;
    const held = hold(container, stream, request.silence ?? usualSilence);
    await timely((abortSignal) => container.start({ abortSignal }));
    return held;
  } catch (error) {
    stream?.destroy();
    await remove(container);
    throw error;
  }
}

async function createOptions({
  cores,
  holder,
  image,
  silence = usualSilence,
}: LeaseRequest): Promise<ContainerCreateOptions> {
  return {
    name: `photofinish-lease-${holder.runId}-${randomBytes(3).toString('hex')}`,
    Image: image,
    Entrypoint: ['/usr/local/bin/photofinish-native'],
    Cmd: ['hold', '--silence', String(silence)],
    Env: [],
    User: '65532:65532',
    Labels: {
      ...(await ownLabels(holder.runId, 'lease')),
      [leaseLabels.cores]: [...cores].sort((a, b) => a - b).join(','),
      [leaseLabels.since]: holder.since,
      [leaseLabels.version]: holder.version,
    },
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: false,
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      AutoRemove: true,
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      IpcMode: 'private',
      Memory: 32 * mebibyte,
      MemorySwap: 32 * mebibyte,
      PidsLimit: 16,
      // Given, or Podman asks for a million files, which the engine's own limit may forbid.
      Ulimits: [
        { Name: 'nofile', Soft: 64, Hard: 64 },
        { Name: 'core', Soft: 0, Hard: 0 },
      ],
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'no' },
    },
  };
}

function hold(container: Container, stream: Duplex, silence: number): LeaseContainer {
  const lost = Promise.withResolvers<void>();
  let isReleased = false;
  let unanswered = 0;
  const end = () => {
    clearInterval(heartbeat);
    if (!isReleased) lost.resolve();
  };
  // Counted, not timed: a process that was halted has many seconds behind it and one beat.
  const beat = () => {
    if (unanswered >= 3) {
      stream.destroy();
    } else {
      unanswered += 1;
      stream.write('.');
    }
  };
  const heartbeat = setInterval(beat, (silence / 3) * 1000).unref();
  stream.on('data', () => {
    unanswered = 0;
  });
  stream.on('error', end).on('end', end).on('close', end);
  return {
    lost: lost.promise,
    async release() {
      isReleased = true;
      stream.end();
      await removed(container);
      stream.destroy();
    },
  };
}

/** The engine removes the container by itself; where it does not in time, we do. Where the engine is gone, the container is too or will be. */
async function removed(container: Container): Promise<void> {
  const deadline = performance.now() + removedWithin;
  while (performance.now() < deadline) {
    try {
      await timely((abortSignal) => container.inspect({ abortSignal }));
    } catch (error) {
      if (statusOf(error) === 404 || isUnreachable(error)) return;
      throw error;
    }
    await delay(20);
  }
  await remove(container);
}

const remove = (container: Container) =>
  tolerating([404, 409], () => timely((abortSignal) => container.remove({ force: true, v: true, abortSignal })));
