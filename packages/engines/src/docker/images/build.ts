import type Docker from 'dockerode';
import { labels } from '../labels.ts';
import { ImageBuildError } from './build-error.ts';
import { BuildLog } from './build-log.ts';
import { type BuildDeadlines, performBuild, requireBuilder } from './builder.ts';
import { imageId, nameImage, type PresentImage, readSources } from './content.ts';
import type { ImageRecipe } from './recipe.ts';

/** What a build is given. */
export interface BuildOptions extends BuildDeadlines {
  /** The whole environment of the builder: `DOCKER_HOST` and the like lead it to the engine that the client speaks to. */
  readonly environment: Readonly<Record<string, string>>;
  /** Aborting ends the build; nothing of it is left but what the builder cached. */
  readonly signal: AbortSignal;
  /** The title of each step as it begins: `[build 3/5] RUN go build`. */
  readonly onProgress: (line: string) => void;
  /** Where the project is at home, for the label `org.opencontainers.image.source`; null when it says nothing of it. */
  readonly source: string | null;
}

/** An image that stands in the engine. */
export interface BuiltImage extends PresentImage {
  /** False when it stood there before: nothing it is made from has changed. */
  readonly built: boolean;
}

/**
 * Builds the image of a recipe unless it is there. Throws `ImageBuildError` naming the step that failed or was under way at the deadline, with its last
 * lines; `EnvironmentError` `E_DOCKER_CLI` or `E_BUILDX` where nothing can be built; the signal's reason when aborted.
 */
export async function buildImage(client: Docker, recipe: ImageRecipe, options: BuildOptions): Promise<BuiltImage> {
  const { sources } = await readSources(recipe);
  const { content, reference } = await nameImage(client, recipe);
  const present = await imageId(client, reference);
  if (present !== null) return { reference, id: present, built: false };
  options.signal.throwIfAborted();
  await requireBuilder(options.environment);
  const log = new BuildLog();
  const onLine = (line: string) => {
    const title = log.take(line);
    if (title !== null) options.onProgress(title);
  };
  const args = buildArguments(recipe, reference, content, options.source);
  const end = await performBuild(args, options.environment, options, onLine, options.signal);
  if (end.by !== 'itself') {
    const how = end.by === 'total' ? `was not built within ${end.seconds} s` : `printed nothing for ${end.seconds} s`;
    throw new ImageBuildError('build-timeout', recipe, `${how} and was ended`, log.unfinished());
  }
  const id = end.succeeded ? await imageId(client, reference) : null;
  if (id !== null) {
    if ((await readSources(recipe)).sources === sources) return { reference, id, built: true };
    await client.getImage(reference).remove();
    const lines = ['Files it is made from changed while it was built, so nobody can say what is in it.'];
    throw new ImageBuildError('build-failed', recipe, 'was thrown away', { step: null, lines });
  }
  if (end.succeeded) {
    const lines = [
      `${reference} was built, but not by the engine that is to start it: see DOCKER_HOST, docker context and BUILDX_BUILDER.`,
    ];
    throw new ImageBuildError('build-failed', recipe, 'is not there', { step: null, lines });
  }
  throw new ImageBuildError('build-failed', recipe, 'could not be built: it failed', log.failed());
}

function buildArguments(recipe: ImageRecipe, reference: string, content: string, source: string | null): string[] {
  return [
    'buildx',
    'build',
    '--load',
    '--progress=plain',
    // An attestation would make the image a list of images, whose id is not the one that starts.
    '--provenance=false',
    `--file=${recipe.dockerfile}`,
    `--tag=${reference}`,
    `--label=${labels.kind}=image`,
    `--label=dev.photofinish.content=${content}`,
    ...(source === null ? [] : [`--label=org.opencontainers.image.source=${source}`]),
    recipe.context,
  ];
}
