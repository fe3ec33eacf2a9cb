import { LeaseError } from '@photofinish/schema';
import type { Lease } from '../../engine.ts';
import { leaseCores } from '../../local/lease.ts';
import { engineError } from '../errors.ts';
import { type LeaseRequest, startLeaseContainer } from './container.ts';
import { passGate } from './gate.ts';
import { heldLeases } from './holders.ts';

/**
 * Takes all of the cores or none. A container whose input this process holds open stands for the lease: it ends when this process does, however it
 * does, and 30 s after the last word when the way to the engine is cut (reference: reliability 6). On this machine the sockets of `local` runs are
 * taken first, so that runs of both engines exclude each other. Throws `LeaseError` `E_CORES_TAKEN` naming the holder, and what the engine refuses.
 */
export async function takeLease(request: LeaseRequest): Promise<Lease> {
  const here = request.connection.local ? await leaseCores(request.cores, request.holder) : null;
  try {
    const container = await takeAtGate(request);
    return {
      cores: request.cores,
      lost: container.lost,
      async [Symbol.asyncDispose]() {
        await container.release();
        await here?.[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await here?.[Symbol.asyncDispose]();
    throw error instanceof LeaseError ? error : engineError(error, 'the cores were leased');
  }
}

async function takeAtGate(request: LeaseRequest) {
  const { client } = request.connection;
  refuseTaken(request.cores, await heldLeases(client));
  for (;;) {
    await using gate = await passGate(request.connection, request.image, request.holder.runId);
    refuseTaken(request.cores, await heldLeases(client));
    const container = await startLeaseContainer(request);
    if (await gate.isOurs()) return container;
    // This process was halted for so long that others went past it.
    await container.release();
  }
}

function refuseTaken(cores: readonly number[], held: Awaited<ReturnType<typeof heldLeases>>): void {
  for (const core of [...cores].sort((a, b) => a - b)) {
    const other = held.find((lease) => lease.cores.includes(core));
    if (other === undefined) continue;
    throw new LeaseError('E_CORES_TAKEN', {
      what: `Core ${core} is held by another run of Photofinish: ${other.holder.runId}, since ${other.holder.since}.`,
      remedy: 'Wait until it has ended, or give this run other cores with --cores.',
    });
  }
}
