import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An answer as it came over the wire; header names in lower case. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** One connection on which requests are asked one after another, byte for byte. */
export interface Connection extends Disposable {
  /** Sends a request of one line, `GET /health`, and waits for its answer. Throws when the connection ends before. */
  ask(line: string): Promise<WireAnswer>;
  /** Settles when the connection is gone, however it went. */
  readonly closed: Promise<void>;
}

/** Opens a connection to a target on this machine. */
export const open = async (port: number): Promise<Connection> => {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true }).setEncoding('utf8');
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await once(socket, 'connect');
  // A reset shows as the close that follows it.
  socket.on('error', () => {});
  return {
    ask: (line) => {
      socket.write(`${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
      return readAnswer(socket, line.startsWith('HEAD '));
    },
    closed,
    [Symbol.dispose]: () => void socket.destroy(),
  };
};

const readAnswer = (socket: Socket, isBodiless: boolean): Promise<WireAnswer> =>
  new Promise((resolve, reject) => {
    let text = '';
    const finish = (settle: () => void): void => {
      socket.off('data', onData).off('close', onClose);
      settle();
    };
    const onClose = (): void => finish(() => reject(new Error(`connection closed after ${JSON.stringify(text)}`)));
    const onData = (chunk: string): void => {
      text += chunk;
      const headEnd = text.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const [statusLine = '', ...headerLines] = text.slice(0, headEnd).split('\r\n');
      const headers = new Map(headerLines.map((line) => splitHeader(line)));
      const length = isBodiless ? 0 : Number(headers.get('content-length'));
      const body = text.slice(headEnd + 4);
      if (body.length < length) return;
      finish(() => resolve({ status: Number(statusLine.split(' ')[1]), headers, body }));
    };
    socket.on('data', onData).on('close', onClose);
  });

const splitHeader = (line: string): [string, string] => {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
};
