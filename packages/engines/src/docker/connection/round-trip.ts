import { connect } from 'node:net';

/** Few: to an ssh server each is a guest who leaves without a word, and it counts them (sshd_config(5), MaxStartups, PerSourcePenalties). */
const exchanges = 5;
const giveUpAfter = 5000;

/**
 * Round trip to a port, seconds: median of five TCP connections, each from the call until it stands, which is one exchange of empty segments
 * (RFC 9293 3.5). By the monotonic clock. Null when the port does not answer.
 */
export async function roundTrip(host: string, port: number): Promise<number | null> {
  const seen: number[] = [];
  for (let exchange = 0; exchange < exchanges; exchange++) {
    const one = await connectionTime(host, port);
    if (one === null) return null;
    seen.push(one);
  }
  return seen.sort((a, b) => a - b)[Math.floor(exchanges / 2)] ?? null;
}

function connectionTime(host: string, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const began = performance.now();
    const socket = connect({ host, port, noDelay: true, timeout: giveUpAfter });
    const end = (value: number | null) => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', () => end((performance.now() - began) / 1000));
    socket.once('error', () => end(null));
    socket.once('timeout', () => end(null));
  });
}
