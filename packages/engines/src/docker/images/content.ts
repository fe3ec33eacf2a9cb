import { createHash } from 'node:crypto';
import { readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, EnvironmentError } from '@photofinish/schema';
import type Docker from 'dockerode';
import { engineError, statusOf } from '../errors.ts';
import { baseImages } from './bases.ts';
import { type ContextFile, contextFiles } from './context.ts';
import type { ImageRecipe } from './recipe.ts';

/** What an image of a recipe is called while nothing of what it is made from changes. */
export interface ImageName {
  /** SHA-256 over everything it is made from, hexadecimal. */
  readonly content: string;
  /** `photofinish/<id>:<first 16 digits of it>`. */
  readonly reference: string;
}

/** An image that the engine has. */
export interface PresentImage {
  readonly reference: string;
  /** The image by content, `sha256:...`. */
  readonly id: string;
}

/**
 * Names the image of a recipe by everything it is made from: the Dockerfile, each file of the context with its executable bit, and each base image by
 * the id it has in the engine. A base that the engine does not have counts by its tag. Throws `EnvironmentError` `E_IMAGE_CONTEXT` when a file
 * cannot be read.
 */
export async function nameImage(client: Docker, recipe: ImageRecipe): Promise<ImageName> {
  const { sources, bases } = await readSources(recipe);
  const ids = await Promise.all(bases.map(async (tag) => [tag, await imageId(client, tag)]));
  const content = digestOf({ sources, bases: ids });
  return { content, reference: `photofinish/${recipe.id}:${content.slice(0, 16)}` };
}

/**
 * What an image is made from but for its base images: SHA-256 over the Dockerfile and each file of the context with its executable bit, and the tags
 * of the bases. Throws `EnvironmentError` `E_IMAGE_CONTEXT` when a file cannot be read.
 */
export async function readSources(recipe: ImageRecipe): Promise<{ sources: string; bases: string[] }> {
  const dockerfile = await readFile(recipe.dockerfile, 'utf8').catch(unreadable(recipe.dockerfile));
  const files = await contextFiles(recipe);
  const accounts = await Promise.all(files.map((file) => account(recipe.context, file)));
  return { sources: digestOf({ dockerfile, files: accounts }), bases: baseImages(dockerfile) };
}

/** The image of a recipe as it stands in the engine; null when it is not built, or something it is made from has changed since. */
export async function findImage(client: Docker, recipe: ImageRecipe): Promise<PresentImage | null> {
  const { reference } = await nameImage(client, recipe);
  const id = await imageId(client, reference);
  return id === null ? null : { reference, id };
}

/** Id of an image by reference; null when the engine does not have it. */
export async function imageId(client: Docker, reference: string): Promise<string | null> {
  try {
    return (await client.getImage(reference).inspect()).Id;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw engineError(error, `looking for the image ${reference}`);
  }
}

async function account(context: string, { path, kind }: ContextFile): Promise<[string, string, string]> {
  const whole = join(context, path);
  if (kind === 'link') return [path, 'link', await readlink(whole).catch(unreadable(whole))];
  const text = await readFile(whole).catch(unreadable(whole));
  const isExecutable = ((await stat(whole)).mode & 0o111) !== 0;
  return [path, isExecutable ? 'executable' : 'file', createHash('sha256').update(text).digest('hex')];
}

const unreadable = (where: string) => (cause: NodeJS.ErrnoException) => {
  throw new EnvironmentError('E_IMAGE_CONTEXT', {
    what: 'A file that an image is made from cannot be read.',
    where,
    given: cause.message,
    remedy: 'Make it readable, or bring it back: git status shows what changed.',
    cause,
  });
};
