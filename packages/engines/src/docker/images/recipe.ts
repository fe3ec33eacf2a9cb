import { access } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Runtime } from '../../local/runtime.ts';

/** How one image is made: a Dockerfile and the folder it may copy from. */
export interface ImageRecipe {
  /** A runtime's id, `native` or `harness`: the image is `photofinish/<id>`. */
  readonly id: string;
  readonly kind: 'runtime' | 'native' | 'harness';
  /** For people: `the servers of Go`. */
  readonly title: string;
  /** Folder of the build context. */
  readonly context: string;
  /** Path of the Dockerfile; the list of what is left out of the context stands beside it as `<Dockerfile>.dockerignore`. */
  readonly dockerfile: string;
}

/**
 * The images of a project: one for each runtime that has a Dockerfile, then the native core and the harness. The context is `root`; a runtime that
 * lives elsewhere has its own folder as context.
 */
export async function imageRecipes(root: string, runtimes: readonly Runtime[]): Promise<ImageRecipe[]> {
  const recipes: ImageRecipe[] = runtimes.map(({ folder, manifest }) => ({
    id: manifest.id,
    kind: 'runtime',
    title: `the servers of ${manifest.name}`,
    context: relative(root, folder).startsWith('..') ? folder : root,
    dockerfile: join(folder, 'Dockerfile'),
  }));
  const own = (id: 'native' | 'harness', title: string): ImageRecipe => ({
    id,
    kind: id,
    title,
    context: root,
    dockerfile: join(root, 'docker', `${id}.Dockerfile`),
  });
  const all = [...recipes, own('native', 'the native core'), own('harness', 'the harness')];
  const present = await Promise.all(all.map(({ dockerfile }) => exists(dockerfile)));
  return all.filter((_recipe, index) => present[index]);
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
