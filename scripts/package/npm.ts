import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { $ } from 'zx';

/** The folder of the project. */
export const root = resolve(import.meta.dirname, '..', '..');

/** The PATH of whoever started this, without the tools of the workspace. */
export const userPath = process.env.PHOTOFINISH_USER_PATH ?? process.env.PATH ?? '';

/** A tarball of npm. */
export interface Packed {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** What a manifest says alike of everything that is published. */
export function publishedFacts() {
  const repository = process.env.PHOTOFINISH_REPOSITORY;
  return {
    license: 'MIT',
    ...(repository === undefined ? {} : { repository: { type: 'git', url: `git+${repository}.git` } }),
    publishConfig: { access: 'public' },
  };
}

/** Makes an empty folder, lets `fill` lay a package in it, and packs that. npm gives every file the same time, so the same files make the same tarball. */
export async function packFolder(
  out: string,
  manifest: object,
  fill: (folder: string) => Promise<void>,
): Promise<Packed> {
  const scratch = await mkdtemp(join(tmpdir(), 'photofinish-pack-'));
  try {
    const folder = join(scratch, 'package');
    await mkdir(folder);
    await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await fill(folder);
    const npm = $({ cwd: folder, env: { ...process.env, PATH: userPath }, quiet: true });
    const [packed] = JSON.parse((await npm`npm pack --json --ignore-scripts --pack-destination ${scratch}`).stdout);
    const file = join(out, packed.filename);
    await mkdir(dirname(file), { recursive: true });
    const content = await readFile(join(scratch, packed.filename));
    await writeFile(`${file}.part`, content);
    await rename(`${file}.part`, file);
    return { file, sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length };
  } finally {
    await rm(scratch, { recursive: true });
  }
}
