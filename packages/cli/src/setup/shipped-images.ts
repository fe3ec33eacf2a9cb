import {
  connectDocker,
  type DockerConnection,
  findImage,
  imageRecipes,
  type PresentImage,
  type Runtime,
  shipImage,
} from '@photofinish/engines';
import { EnvironmentError } from '@photofinish/schema';
import type { Invocation } from '../terminal.ts';
import { Steps } from '../ui/steps.ts';
import type { BroughtImages, ImageOutcome } from './images.ts';

/** Usual seconds for the images of one run over a fast network, for the estimate only. */
const usualSeconds = 60;

/**
 * The images of this machine's engine, sent to a remote one that has none of them; null where no engine answers here or one of the images is
 * not built here, so that they are to be built there.
 */
export async function shippedImages(
  invocation: Invocation,
  remote: DockerConnection,
  runtimes: readonly Runtime[],
  runtimeIds: ReadonlySet<string>,
): Promise<BroughtImages | null> {
  const here = await engineHere(invocation);
  if (here === null) return null;
  try {
    const present = await presentImages(invocation.root, here, runtimes, runtimeIds);
    if (present === null) return null;
    const { native, others } = present;
    const ship = async () => {
      for (const { reference } of [native, ...others.values()]) await shipImage(here.client, remote.client, reference);
    };
    await new Steps(invocation.terminal).step('Sending the images to the remote engine', usualSeconds, ship);
    const outcomes = [...others].map(([id, image]): [string, ImageOutcome] => [id, { built: true, image }]);
    return { runtimes: new Map(outcomes), native };
  } finally {
    await here.close();
  }
}

/** This machine's own engine; null when none answers. */
async function engineHere({ environment, home }: Invocation): Promise<DockerConnection | null> {
  try {
    return await connectDocker({ environment: { ...environment, DOCKER_HOST: undefined }, home });
  } catch (error) {
    if (error instanceof EnvironmentError) return null;
    throw error;
  }
}

async function presentImages(
  root: string,
  { client }: DockerConnection,
  runtimes: readonly Runtime[],
  runtimeIds: ReadonlySet<string>,
): Promise<{ native: PresentImage; others: Map<string, PresentImage> } | null> {
  let native: PresentImage | null = null;
  const others = new Map<string, PresentImage>();
  for (const recipe of await imageRecipes(root, runtimes)) {
    if (recipe.kind === 'harness' || (recipe.kind === 'runtime' && !runtimeIds.has(recipe.id))) continue;
    const image = await findImage(client, recipe);
    if (image === null) return null;
    if (recipe.kind === 'native') native = image;
    else others.set(recipe.id, image);
  }
  return native === null ? null : { native, others };
}
