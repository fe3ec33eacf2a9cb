import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildImage,
  type DockerConnection,
  findImage,
  ImageBuildError,
  type ImageRecipe,
  imageRecipes,
  type PresentImage,
  type Runtime,
} from '@photofinish/engines';
import { z } from 'zod';
import type { Invocation } from '../terminal.ts';
import { Steps } from '../ui/steps.ts';

/** What came of the image of a runtime. `image-missing`: only looked for, not built yet. */
export type ImageOutcome =
  | { readonly built: true; readonly image: PresentImage }
  | {
      readonly built: false;
      readonly cause: 'build-failed' | 'build-timeout' | 'image-missing';
      /** What went wrong, with the step and its last lines. */
      readonly reason: string;
    };

/** The images that containers are started from. */
export interface BroughtImages {
  /** By runtime id; a runtime without a Dockerfile is not in it. */
  readonly runtimes: ReadonlyMap<string, ImageOutcome>;
  /** The native core, which lease containers are started from. */
  readonly native: PresentImage;
}

/** How the build of an image ended; `changed` is false when it stood there before. */
export type BuildEnd =
  | { readonly state: 'there'; readonly image: PresentImage; readonly changed: boolean }
  | { readonly state: 'failed'; readonly error: ImageBuildError };

/** The engine that holds the images, and its address for the builder. */
type Holder = Pick<DockerConnection, 'client' | 'endpoint'>;

/** Longest time of one build, seconds: the first one also fetches base images and dependencies. */
const totalSeconds = 1800;
/** Longest time in which a build prints nothing, seconds. */
const quietSeconds = 600;

/** Usual seconds of a build when base images are there and nothing is cached, for the estimate only. */
const usualSeconds: Readonly<Record<string, number>> = {
  node: 60,
  go: 60,
  java: 60,
  python: 40,
  native: 40,
  harness: 90,
};

/**
 * The images of the given runtimes and of the native core, built where they are missing. A runtime whose image cannot be built is an outcome, not an
 * error; without the native core's image nothing can be started, so that one throws `ImageBuildError`. Throws `EnvironmentError` where nothing
 * can be built.
 */
export async function bringImages(
  invocation: Invocation,
  holder: Holder,
  runtimes: readonly Runtime[],
  runtimeIds: ReadonlySet<string>,
): Promise<BroughtImages> {
  const outcomes = new Map<string, ImageOutcome>();
  let native: PresentImage | null = null;
  const recipes = await imageRecipes(invocation.root, runtimes);
  const wanted = [
    ...recipes.filter(({ kind }) => kind === 'native'),
    ...recipes.filter(({ id, kind }) => kind === 'runtime' && runtimeIds.has(id)),
  ];
  for (const recipe of wanted) {
    const end = await bringImage(invocation, holder, recipe);
    if (recipe.kind === 'native') native = imageOf(end);
    else outcomes.set(recipe.id, outcomeOf(end));
  }
  if (native === null) throw new Error('the project has no docker/native.Dockerfile');
  return { runtimes: outcomes, native };
}

/** One image, built where it is missing. Throws what `buildShown` throws. */
export async function bringImage(invocation: Invocation, holder: Holder, recipe: ImageRecipe): Promise<BuildEnd> {
  const image = await findImage(holder.client, recipe);
  return image === null ? await buildShown(invocation, holder, recipe) : { state: 'there', image, changed: false };
}

/** What stands in the engine of the images of all runtimes; builds nothing. */
export async function findImages(
  client: DockerConnection['client'],
  root: string,
  runtimes: readonly Runtime[],
): Promise<Map<string, ImageOutcome>> {
  const recipes = (await imageRecipes(root, runtimes)).filter(({ kind }) => kind === 'runtime');
  const found = recipes.map(async (recipe): Promise<[string, ImageOutcome]> => {
    const image = await findImage(client, recipe);
    const missing = { built: false, cause: 'image-missing', reason: `its image is not built yet` } as const;
    return [recipe.id, image === null ? missing : { built: true, image }];
  });
  return new Map(await Promise.all(found));
}

/**
 * Builds one image, shown as a step: on a terminal one line with what the builder is doing, elsewhere a line for each of its steps. Throws
 * `EnvironmentError` where nothing can be built, and the signal's reason when interrupted.
 */
async function buildShown(invocation: Invocation, holder: Holder, recipe: ImageRecipe): Promise<BuildEnd> {
  const { terminal, signal } = invocation;
  let doing = '';
  const options = {
    environment: builderEnvironment(invocation, holder),
    signal,
    totalSeconds,
    quietSeconds,
    source: await sourceOf(invocation.root),
    onProgress: (line: string) => {
      doing = line;
      if (!terminal.interactive) terminal.err(`  ${line}\n`);
    },
  };
  const build = async (): Promise<BuildEnd> => {
    try {
      const { built, ...image } = await buildImage(holder.client, recipe, options);
      return { state: 'there', image, changed: built };
    } catch (error) {
      if (error instanceof ImageBuildError) return { state: 'failed', error };
      throw error;
    }
  };
  return await new Steps(terminal).step(
    `Building the image of ${recipe.title}`,
    usualSeconds[recipe.id] ?? 60,
    build,
    ({ state }) => state === 'there',
    () => doing,
  );
}

/** The user's own environment, with the address of the engine that was connected to, so that builder and client speak to the same one. */
function builderEnvironment({ environment }: Invocation, { endpoint }: Holder): Record<string, string> {
  const inherited = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    ...Object.fromEntries(inherited),
    PATH: environment.PHOTOFINISH_USER_PATH ?? environment.PATH ?? '',
    DOCKER_HOST: endpoint,
  };
}

const Home = z.object({ repository: z.object({ url: z.string() }).or(z.string()).optional() });

/** Where the project is at home, as its package.json says; null when it does not. */
async function sourceOf(root: string): Promise<string | null> {
  const { repository } = Home.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  return typeof repository === 'object' ? repository.url : (repository ?? null);
}

function imageOf(end: BuildEnd): PresentImage {
  if (end.state === 'failed') throw end.error;
  return end.image;
}

function outcomeOf(end: BuildEnd): ImageOutcome {
  if (end.state === 'there') return { built: true, image: end.image };
  const { failure, what, lastLines } = end.error;
  return { built: false, cause: failure, reason: [what, ...lastLines].join('\n') };
}
