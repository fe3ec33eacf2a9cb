import { EnvironmentError } from '@photofinish/schema';
import type Docker from 'dockerode';
import { statusOf } from '../errors.ts';

/**
 * Brings an image of this machine's engine to another one, without a registry: `save` here, `load` there, and the id compared afterwards. True
 * when the image stands there now, false when it is not here either. Throws `EnvironmentError` `E_IMAGE_TRANSFER` when another image arrived.
 */
export async function shipImage(from: Docker, to: Docker, reference: string): Promise<boolean> {
  const id = await idOf(from, reference);
  if (id === null) return false;
  if ((await idOf(to, reference)) === id) return true;
  const answer = await to.loadImage(await from.getImage(reference).get());
  await ended(answer);
  const arrived = await idOf(to, reference);
  if (arrived === id) return true;
  throw new EnvironmentError('E_IMAGE_TRANSFER', {
    what: 'An image did not arrive at the remote engine as it left.',
    where: reference,
    given: arrived ?? 'no image',
    allowed: id,
    remedy: 'Look at the free disk space there, and build it there with `photofinish build`.',
  });
}

/** Id of an image by its reference; null where there is none. */
async function idOf(client: Docker, reference: string): Promise<string | null> {
  try {
    return (await client.getImage(reference).inspect()).Id;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** Reads what the engine tells of its progress to the end. */
async function ended(stream: NodeJS.ReadableStream): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.on('end', resolve).on('error', reject).resume();
  });
}
