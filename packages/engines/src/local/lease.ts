import { existsSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LeaseError } from '@photofinish/schema';
import type { Lease, LeaseHolder } from '../engine.ts';

/**
 * Address of the socket that stands for a core. On Linux it is an abstract one (unix(7)): the kernel frees it at the death of its holder,
 * however it dies. Elsewhere it is a file, removed when nobody listens behind it.
 */
function addressOf(core: number): string {
  const name = `photofinish-core-${core}`;
  return process.platform === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`);
}

/** Who holds the lease of a core now; null when it is free. */
export function leaseHolder(core: number): Promise<LeaseHolder | null> {
  return new Promise((resolve) => {
    const socket = connect(addressOf(core));
    let text = '';
    socket.setEncoding('utf8');
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => resolve(null));
    socket.on('close', () => {
      try {
        resolve(JSON.parse(text) as LeaseHolder);
      } catch {
        resolve(text === '' ? null : { runId: 'unknown', since: 'unknown', version: 'unknown' });
      }
    });
  });
}

function hold(core: number, holder: LeaseHolder): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end(JSON.stringify(holder));
    });
    server.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen(addressOf(core), () => {
      server.unref();
      resolve(server);
    });
  });
}

async function holdFresh(core: number, holder: LeaseHolder): Promise<Server | null> {
  const server = await hold(core, holder);
  const address = addressOf(core);
  if (server !== null || address.startsWith('\0') || !existsSync(address) || (await leaseHolder(core)) !== null)
    return server;
  rmSync(address, { force: true });
  return await hold(core, holder);
}

const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));

/**
 * Takes all of the cores or none. Throws `LeaseError` `E_CORES_TAKEN` naming the holder's run.
 */
export async function leaseCores(cores: readonly number[], holder: LeaseHolder): Promise<Lease> {
  const held: Server[] = [];
  for (const core of [...cores].sort((a, b) => a - b)) {
    const server = await holdFresh(core, holder);
    if (server === null) {
      await Promise.all(held.map(close));
      const other = await leaseHolder(core);
      throw new LeaseError('E_CORES_TAKEN', {
        what: `Core ${core} is held by another run of Photofinish${other ? `: ${other.runId}, since ${other.since}` : ''}.`,
        remedy: 'Wait until it has ended, or give this run other cores with --cores.',
      });
    }
    held.push(server);
  }
  return {
    cores,
    // The kernel takes the sockets from nobody who lives.
    lost: new Promise(() => {}),
    async [Symbol.asyncDispose]() {
      await Promise.all(held.splice(0).map(close));
    },
  };
}
