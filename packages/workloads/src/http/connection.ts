import { createConnection, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpAnswer, TimedAnswer } from './answer.ts';
import { HttpFault } from './fault.ts';
import { type AnswerLimits, type ParseState, parseAnswer } from './parse.ts';
import { type HttpRequest, requestBytes } from './request.ts';

/** Where to connect and the bounds that hold for everything on the connection. */
export interface ConnectionOptions {
  /** An IPv4 literal. */
  readonly host: string;
  readonly port: number;
  /** Longest time for the connection to be made, and for each answer from its first request byte to its last byte. */
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal;
  readonly limits?: AnswerLimits;
}

const defaultLimits: AnswerLimits = { headBytes: 16_384, bodyBytes: 65_536 };

interface Waiting {
  readonly toHead: boolean;
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * One TCP connection that asks and reads one answer at a time, byte-exact. No redirects, no pipelining, no reconnecting. Every answer is bounded
 * by time and bytes, so that a hung, trickling or endless answer ends in an `HttpFault`; an aborted signal ends it with the signal's reason.
 */
export class Connection implements Disposable {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  #bytes = Buffer.alloc(0);
  #ended = false;
  #waiting: Waiting | null = null;

  private constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      if (this.#waiting === null) this.#limitSurplus();
      else this.#advance();
    });
    // A connection that broke says so on `close`, which always follows.
    socket.on('error', () => undefined);
    for (const event of ['end', 'close']) {
      socket.on(event, () => {
        this.#ended = true;
        this.#advance();
      });
    }
  }

  /** Connects. Throws `HttpFault` `E_HTTP_CONNECT` when nobody listens or the handshake takes too long. */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const { host, port, timeoutSeconds, signal } = options;
    const socket = createConnection({ host, port, noDelay: true });
    await within(timeoutSeconds, signal, (resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (cause) => reject(connectFault(options, cause.message, cause)));
      return () => reject(connectFault(options, `no connection within ${timeoutSeconds} s`));
    }).catch((reason: unknown) => {
      socket.destroy();
      throw reason;
    });
    return new Connection(socket, options);
  }

  /** Whether the connection is closed, by whichever side. */
  get isClosed(): boolean {
    return this.#ended;
  }

  /** Sends a request and reads its answer. Throws `HttpFault`. */
  async ask(request: HttpRequest): Promise<TimedAnswer> {
    return this.askInPieces(request, [], 0);
  }

  /** The same with the request's bytes cut at the given positions, each piece sent on its own after a pause. */
  async askInPieces(request: HttpRequest, cuts: readonly number[], pauseSeconds: number): Promise<TimedAnswer> {
    const bytes = requestBytes(`${this.#options.host}:${this.#options.port}`, request);
    if (this.#bytes.length > 0) throw this.#surplus();
    const started = performance.now();
    const answer = this.#answer(request.method === 'HEAD');
    // Awaited below; a server may give up on the request while it is still being sent.
    answer.catch(() => undefined);
    for (const [index, start] of [0, ...cuts].entries()) {
      if (index > 0) await delay(pauseSeconds * 1000);
      this.#socket.write(bytes.subarray(start, cuts[index] ?? bytes.length));
    }
    return { ...(await answer), seconds: (performance.now() - started) / 1000 };
  }

  /** Sends bytes that need not be a request, and waits for nothing. */
  send(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Closes the connection at once, whatever is under way. */
  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #answer(toHead: boolean): Promise<HttpAnswer> {
    const { timeoutSeconds, signal } = this.#options;
    return within<HttpAnswer>(timeoutSeconds, signal, (resolve, reject) => {
      this.#waiting = { toHead, resolve, reject };
      this.#advance();
      return () => reject(this.#timeout());
    }).finally(() => {
      this.#waiting = null;
    });
  }

  #advance(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    const limits = this.#options.limits ?? defaultLimits;
    const state: ParseState = { toHead: waiting.toHead, ended: this.#ended, limits };
    try {
      const parsed = parseAnswer(this.#bytes, state);
      if (parsed !== null) {
        this.#bytes = Buffer.from(parsed.rest);
        waiting.resolve(parsed.answer);
      } else if (this.#ended) {
        throw new HttpFault('E_HTTP_CLOSED', {
          what: 'the server closed the connection before its answer was whole',
          given: this.#soFar(),
        });
      }
    } catch (fault) {
      this.#socket.destroy();
      waiting.reject(fault);
    }
  }

  /** Bytes nobody asked for are kept for the report, but not without end. */
  #limitSurplus(): void {
    if (this.#bytes.length > (this.#options.limits ?? defaultLimits).headBytes) this.#socket.destroy();
  }

  #timeout(): HttpFault {
    this.#socket.destroy();
    return new HttpFault('E_HTTP_TIMEOUT', {
      what: `no whole answer within ${this.#options.timeoutSeconds} s`,
      given: this.#soFar(),
    });
  }

  #surplus(): HttpFault {
    return new HttpFault('E_HTTP_SURPLUS', {
      what: 'the server sent bytes after the end of its answer',
      given: this.#soFar(),
    });
  }

  #soFar(): string {
    const { length } = this.#bytes;
    return length === 0 ? 'no bytes' : `${length} bytes: ${JSON.stringify(this.#bytes.toString('latin1', 0, 120))}`;
  }
}

function connectFault({ host, port }: ConnectionOptions, given: string, cause?: unknown): HttpFault {
  return new HttpFault('E_HTTP_CONNECT', { what: `no connection to ${host}:${port}`, given, cause });
}

/** A promise bounded by time and signal. `begin` returns what to do when the time is over. */
async function within<T = void>(
  timeoutSeconds: number,
  signal: AbortSignal | undefined,
  begin: (resolve: (value: T) => void, reject: (reason: unknown) => void) => () => void,
): Promise<T> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = () => reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(begin(resolve, reject), timeoutSeconds * 1000);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
