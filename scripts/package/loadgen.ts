import { chmod, copyFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';
import { notices } from './notices.ts';
import { type Packed, packFolder, publishedFacts, root, userPath } from './npm.ts';

/** The folder of the native core's source. */
const nativeFolder = join(root, 'packages', 'loadgen', 'native');

const fileName = 'photofinish-native';

/** The platform of the packed core, as npm names it, which is the one this runs on. */
const platform = { os: process.platform, cpu: process.arch };

/** Version of the native core, as its manifest has it. */
async function coreVersion(): Promise<string> {
  const { packages } = JSON.parse((await cargo()`cargo metadata --no-deps --format-version 1`).stdout);
  return packages[0].version;
}

function cargo(environment: Record<string, string> = {}) {
  return $({ cwd: nativeFolder, env: { ...process.env, PATH: userPath, ...environment }, quiet: true });
}

/**
 * Packs the native core for this platform: what was built, or a build for release. Throws when it does not tell the version that its manifest
 * has.
 */
export async function packLoadgen(out: string, binary: string | null): Promise<Packed> {
  const version = await coreVersion();
  const isReleased = binary === null;
  const core = binary ?? (await buildCore());
  const { version: told } = JSON.parse((await $({ env: {}, quiet: true })`${core} version`).stdout);
  if (told !== version) throw new Error(`${core} is of version ${told}, its source of ${version}`);
  const isStatic = isReleased && platform.os === 'linux';
  const manifest = {
    name: `@photofinish/loadgen-${platform.os}-${platform.cpu}`,
    version,
    description: `The native core of Photofinish for ${platform.os} on ${platform.cpu}: load generator, servers of known truth, meters, supervisor`,
    ...publishedFacts(),
    ...(isStatic ? { license: 'MIT AND LGPL-2.1-or-later' } : {}),
    os: [platform.os],
    cpu: [platform.cpu],
    bin: { [fileName]: fileName },
    files: [fileName, 'THIRD-PARTY.txt'],
  };
  return await packFolder(out, manifest, async (folder) => {
    await copyFile(core, join(folder, fileName));
    await chmod(join(folder, fileName), 0o755);
    await copyFile(join(nativeFolder, 'README.md'), join(folder, 'README.md'));
    await copyFile(join(root, 'LICENSE'), join(folder, 'LICENSE'));
    await writeFile(join(folder, 'THIRD-PARTY.txt'), await notices(nativeFolder, isStatic));
  });
}

/**
 * Builds for release: on Linux with everything in one file, so that it runs whatever C library a system has, or none. No path of this machine
 * stays in it.
 */
async function buildCore(): Promise<string> {
  const { stdout } = await cargo()`rustc -vV`;
  const host = /^host: (.+)$/m.exec(stdout)?.[1] ?? '';
  const sysroot = (await cargo()`rustc --print sysroot`).stdout.trim();
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  const flags = [
    ...(platform.os === 'linux' ? ['-Ctarget-feature=+crt-static'] : []),
    '-Cstrip=symbols',
    `--remap-path-prefix=${cargoHome}=cargo`,
    `--remap-path-prefix=${sysroot}=rust`,
    `--remap-path-prefix=${nativeFolder}=photofinish-native`,
  ];
  // With a target named, the flags spare the procedural macros, which cannot be linked statically.
  await cargo({ CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f') })`cargo build --release --locked --target ${host}`;
  const file = join(nativeFolder, 'target', host, 'release', fileName);
  if (platform.os === 'linux') await refuseLoader(file);
  return file;
}

/** Throws when the file asks for a dynamic loader: then it would not run everywhere. */
async function refuseLoader(file: string): Promise<void> {
  const { stdout } = await $({
    quiet: true,
    env: { ...process.env, LC_ALL: 'C' },
  })`readelf --program-headers --wide ${file}`;
  if (/\bINTERP\b/.test(stdout)) throw new Error(`${file} is not static: readelf shows an interpreter`);
}
