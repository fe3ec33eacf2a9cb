import { connectDocker, type DockerConnection, type Runtime, shipImage } from '@photofinish/engines';
import { EnvironmentError } from '@photofinish/schema';
import type { Invocation } from '../terminal.ts';
import { Steps } from '../ui/steps.ts';
import { type BroughtImages, bringImages } from './images.ts';

/** Usual seconds for the images of one run over a fast network, for the estimate only. */
const usualSeconds = 60;

/**
 * The images of this machine's engine, built where they are missing and sent to a remote one; null where no engine answers here, so that they are to
 * be built there. Throws what `bringImages` and `shipImage` throw.
 */
export async function shippedImages(
  invocation: Invocation,
  remote: DockerConnection,
  runtimes: readonly Runtime[],
  runtimeIds: ReadonlySet<string>,
): Promise<BroughtImages | null> {
  const atHome = withoutRemote(invocation);
  const here = await engineHere(atHome);
  if (here === null) return null;
  try {
    const images = await bringImages(atHome, here, runtimes, runtimeIds);
    const built = [...images.runtimes.values()].flatMap((outcome) => (outcome.built ? [outcome.image] : []));
    const ship = async () => {
      for (const { reference } of [images.native, ...built]) await shipImage(here.client, remote.client, reference);
    };
    await new Steps(invocation.terminal).step('Sending the images to the remote engine', usualSeconds, ship);
    return images;
  } finally {
    await here.close();
  }
}

/** The invocation of somebody whose environment names no remote engine. */
function withoutRemote(invocation: Invocation): Invocation {
  const {
    DOCKER_HOST: _host,
    DOCKER_TLS_VERIFY: _verify,
    DOCKER_CERT_PATH: _path,
    ...environment
  } = invocation.environment;
  return { ...invocation, environment };
}

/** This machine's own engine; null when none answers. */
async function engineHere({ environment, home }: Invocation): Promise<DockerConnection | null> {
  try {
    return await connectDocker({ environment, home });
  } catch (error) {
    if (error instanceof EnvironmentError) return null;
    throw error;
  }
}
