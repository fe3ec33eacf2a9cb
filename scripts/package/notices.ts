import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { $ } from 'zx';
import { root, userPath } from './npm.ts';

interface CargoPackage {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly license: string | null;
  readonly repository: string | null;
  readonly manifest_path: string;
  readonly targets: readonly { readonly kind: readonly string[] }[];
}

interface CargoMetadata {
  readonly packages: readonly CargoPackage[];
  readonly resolve: {
    readonly root: string;
    readonly nodes: readonly {
      readonly id: string;
      readonly deps: readonly {
        readonly pkg: string;
        readonly dep_kinds: readonly { readonly kind: string | null }[];
      }[];
    }[];
  };
}

/**
 * What the native core holds of others' work, each with its licence: the crates linked into it, the standard library, and where it is static the
 * C library. Throws when one has neither a licence's text nor a name for it.
 */
export async function notices(nativeFolder: string, isStatic: boolean): Promise<string> {
  const run = $({ cwd: nativeFolder, env: { ...process.env, PATH: userPath }, quiet: true });
  const compiler = (await run`rustc -vV`).stdout;
  const host = /^host: (.+)$/m.exec(compiler)?.[1] ?? '';
  const metadata: CargoMetadata = JSON.parse(
    (await run`cargo metadata --locked --format-version 1 --filter-platform ${host}`).stdout,
  );
  const sysroot = (await run`rustc --print sysroot`).stdout.trim();
  const crates = await Promise.all(linkedCrates(metadata).map(crateNotice));
  const release = /^release: (.+)$/m.exec(compiler)?.[1] ?? '';
  return [
    'photofinish-native is under the MIT licence (LICENSE). Linked into it are the following works of others.\n',
    ...crates,
    await rustNotice(release, join(sysroot, 'share', 'doc', 'rust', 'licenses')),
    ...(isStatic ? [await glibcNotice()] : []),
  ].join(`\n${'-'.repeat(80)}\n\n`);
}

/** Those a binary is linked with: what builds it, tests it or expands macros for it leaves nothing in it. */
function linkedCrates({ packages, resolve }: CargoMetadata): CargoPackage[] {
  const byId = new Map(packages.map((one) => [one.id, one]));
  const nodes = new Map(resolve.nodes.map((one) => [one.id, one]));
  const linked = new Set<string>();
  const visit = (id: string): void => {
    const isMacro = byId.get(id)?.targets.some(({ kind }) => kind.includes('proc-macro')) ?? false;
    if (linked.has(id) || isMacro) return;
    linked.add(id);
    for (const { pkg, dep_kinds } of nodes.get(id)?.deps ?? [])
      if (dep_kinds.some(({ kind }) => kind === null)) visit(pkg);
  };
  visit(resolve.root);
  linked.delete(resolve.root);
  return packages
    .filter(({ id }) => linked.has(id))
    .sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
}

async function crateNotice({ name, version, license, repository, manifest_path }: CargoPackage): Promise<string> {
  const folder = dirname(manifest_path);
  const names = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice|unlicense)/i.test(file)).sort();
  const texts = await Promise.all(names.map(async (file) => (await readFile(join(folder, file), 'utf8')).trimEnd()));
  if (license === null && texts.length === 0) throw new Error(`${name} ${version} names no licence`);
  const head = `${name} ${version}${repository === null ? '' : `, ${repository}`}\nLicence: ${license ?? 'see below'}\n`;
  return [head, ...texts.map((text) => `${text}\n`)].join('\n');
}

async function rustNotice(release: string, folder: string): Promise<string> {
  const texts = await Promise.all(
    ['MIT.txt', 'Apache-2.0.txt', 'LLVM-exception.txt', 'Unicode-3.0.txt', 'GCC-exception-3.1.txt'].map((file) =>
      readFile(join(folder, file), 'utf8'),
    ),
  );
  return [
    `The standard library of Rust ${release}, with what it contains\nLicence: MIT OR Apache-2.0; parts Apache-2.0 WITH LLVM-exception, Unicode-3.0; unwinder GPL-3.0-or-later WITH GCC-exception-3.1\n`,
    ...texts.map((text) => `${text.trimEnd()}\n`),
  ].join('\n');
}

async function glibcNotice(): Promise<string> {
  const version = (await $({ quiet: true })`getconf GNU_LIBC_VERSION`).stdout.trim();
  const licence = await readFile('/usr/share/common-licenses/LGPL-2.1', 'utf8');
  const { version: own } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return [
    `The GNU C Library (${version}), linked statically\nLicence: LGPL-2.1-or-later\n`,
    'Its source is that of the distribution the package was built on, and of https://sourceware.org/glibc/. Whoever wants to use the core with',
    `a changed one builds it anew from the source of photofinish-native ${own}, all of which is public, with the command of its README.md.\n`,
    licence,
  ].join('\n');
}
