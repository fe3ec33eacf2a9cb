import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { contextFiles } from '@photofinish/engines';
import { $ } from 'zx';
import { type Packed, packFolder, publishedFacts, root } from './npm.ts';

/** Platforms that the release workflow builds the native core for. */
const platforms = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64'];

/**
 * Packs the whole of Photofinish: the workspace below one folder of its own, since npm leaves a lock file out of a package's root, and a manifest
 * with the command and the native cores. Which files those are, `docker/harness.Dockerfile.dockerignore` says for the image and for this.
 */
export async function packProduct(out: string): Promise<Packed> {
  const { version, description, engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  await demandOneVersion(version);
  const files = await productFiles();
  const manifest = {
    name: '@photofinish/cli',
    version,
    description,
    ...publishedFacts(),
    type: 'module',
    engines,
    ...(await commit()),
    bin: { photofinish: 'workspace/packages/cli/bin/photofinish.js' },
    files: ['workspace'],
    optionalDependencies: Object.fromEntries(platforms.map((name) => [`@photofinish/loadgen-${name}`, version])),
  };
  return await packFolder(out, manifest, async (folder) => {
    for (const path of files) {
      const place = join(folder, 'workspace', path);
      await mkdir(dirname(place), { recursive: true });
      await copyFile(join(root, path), place);
    }
    for (const path of ['README.md', 'LICENSE']) await copyFile(join(root, path), join(folder, path));
  });
}

/** Throws when the native core has another version: the manifest asks for its packages by the product's. */
async function demandOneVersion(version: string): Promise<void> {
  const manifest = await readFile(join(root, 'packages', 'loadgen', 'native', 'Cargo.toml'), 'utf8');
  const core = /^version = "(.+)"$/m.exec(manifest)?.[1];
  if (core !== version) throw new Error(`the native core is of version ${core}, the product of ${version}`);
}

/** Files of the harness that git knows or would take. */
async function productFiles(): Promise<string[]> {
  const wanted = await contextFiles({ context: root, dockerfile: join(root, 'docker', 'harness.Dockerfile') });
  const { stdout } = await $({ cwd: root, quiet: true })`git ls-files -z --cached --others --exclude-standard`;
  const known = new Set(stdout.split('\0'));
  return wanted.map(({ path }) => path).filter((path) => known.has(path));
}

/** The commit, where the files are exactly its files. */
async function commit(): Promise<{ gitHead?: string }> {
  const git = $({ cwd: root, quiet: true });
  if ((await git`git status --porcelain`).stdout !== '') return {};
  return { gitHead: (await git`git rev-parse HEAD`).stdout.trim() };
}
