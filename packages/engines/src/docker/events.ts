import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';

const keepAliveMilliseconds = 30_000;

/** What an engine tells of one server while it lives. */
export interface ServerEvents {
  /** What was told so far. */
  readonly told: {
    /** There was a kill for memory in the container. */
    readonly killedForMemory: boolean;
    /** The container was removed. */
    readonly removed: boolean;
    /** The stream broke: the engine ended or restarted, or the way to it was cut. */
    readonly broken: boolean;
  };
  /** Resolve when the field of the same name becomes true. */
  readonly removed: Promise<void>;
  readonly broken: Promise<void>;
  /** The container left its network: it has ended, or somebody took it off. */
  readonly detached: Promise<void>;
  /** Ends the stream; nothing is told any more. */
  close(): void;
}

/** The fields of an event that matter here; see `SystemEvents` of the Docker Engine API. */
interface EngineEvent {
  readonly Type?: string;
  readonly Action?: string;
  readonly Actor?: { readonly ID?: string; readonly Attributes?: Readonly<Record<string, string>> };
}

/**
 * Listens to what an engine tells of one container and its network. Events of networks carry no labels, so that the ids are compared here.
 * In a window nothing arrives but the news it is there for. Throws what the engine answers.
 */
export async function watchEvents(
  client: Docker,
  containerId: string,
  networkId: string | null,
): Promise<ServerEvents> {
  const stream = (await client.getEvents({
    filters: { type: ['container', 'network'], event: ['oom', 'destroy', 'disconnect'] },
  })) as IncomingMessage;
  // Between two hosts a way that was cut would otherwise look like silence.
  stream.socket.setKeepAlive(true, keepAliveMilliseconds);
  const removed = Promise.withResolvers<void>();
  const broken = Promise.withResolvers<void>();
  const detached = Promise.withResolvers<void>();
  const told = { killedForMemory: false, removed: false, broken: false };
  let isClosed = false;
  eachEvent(stream, ({ Type, Action, Actor }) => {
    if (Type === 'container' && Actor?.ID === containerId) {
      if (Action === 'oom') told.killedForMemory = true;
      if (Action === 'destroy') {
        told.removed = true;
        removed.resolve();
      }
    }
    if (Type === 'network' && networkId !== null && Actor?.ID === networkId) {
      if (Action === 'destroy' || Actor.Attributes?.container === containerId) detached.resolve();
    }
  });
  stream.on('error', () => {});
  stream.on('close', () => {
    if (isClosed) return;
    told.broken = true;
    broken.resolve();
  });
  return {
    told,
    removed: removed.promise,
    broken: broken.promise,
    detached: detached.promise,
    close: () => {
      isClosed = true;
      stream.destroy();
    },
  };
}

/** Calls back with each line of JSON; what is no JSON is passed over. */
function eachEvent(stream: Readable, take: (event: EngineEvent) => void): void {
  let head = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (head + chunk).split('\n');
    head = lines.pop() ?? '';
    for (const line of lines) {
      try {
        take(JSON.parse(line) as EngineEvent);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
  });
}
