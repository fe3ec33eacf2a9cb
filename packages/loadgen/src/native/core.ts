import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EnvironmentError, InstrumentVersion } from '@photofinish/schema';
import { execa } from 'execa';

/** The native core, found and seen to work. */
export interface NativeCore {
  readonly path: string;
  readonly version: string;
  /** `PHOTOFINISH_LOADGEN`, the optional npm package of this platform, or built here by cargo. */
  readonly origin: 'variable' | 'package' | 'built';
}

/** Where to look for the native core. */
export interface CoreSearch {
  /** Value of `PHOTOFINISH_LOADGEN`. */
  readonly override: string | undefined;
  /** The folder of this package, from which the optional npm package is resolved and in which cargo builds. */
  readonly packageFolder: string;
  /** Whether the file that cargo builds is up to date and may be used. */
  readonly built: boolean;
}

const fileName = 'photofinish-native';

const threeWays = [
  'set PHOTOFINISH_LOADGEN to the path of a photofinish-native;',
  'or install the npm package of this platform, @photofinish/loadgen-<os>-<arch>;',
  'or install Rust (on Debian or Ubuntu: sudo apt-get install rustup && rustup default stable) and build it: cargo build --release --locked in packages/loadgen/native',
].join(' ');

/** Seconds the core may take to tell its version. */
const patienceSeconds = 20;

/**
 * The native core, looked for in this order: the variable, the optional package of this platform, the file that cargo built. Null when no
 * place holds one. Throws `EnvironmentError` `E_NATIVE_CORE_MISSING` when the first one found does not work, because a later one in its
 * stead would not be what was asked for.
 */
export async function findNativeCore(search: CoreSearch): Promise<NativeCore | null> {
  if (search.override !== undefined && search.override !== '') return await examine(search.override, 'variable');
  const packaged = packagedPath(search.packageFolder);
  if (packaged !== null) return await examine(packaged, 'package');
  const built = join(search.packageFolder, 'native', 'target', 'release', fileName);
  if (search.built && (await isFile(built))) return await examine(built, 'built');
  return null;
}

function packagedPath(packageFolder: string): string | null {
  const name = `@photofinish/loadgen-${process.platform}-${process.arch}`;
  try {
    const manifest = createRequire(join(packageFolder, 'package.json')).resolve(`${name}/package.json`);
    return join(dirname(manifest), fileName);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

async function isFile(path: string): Promise<boolean> {
  return await access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

/** Asks a binary for its version: one of another platform, or without the right to execute, is found out here and not in a trial. */
async function examine(path: string, origin: NativeCore['origin']): Promise<NativeCore> {
  const asked = await execa(path, ['version'], {
    reject: false,
    stdin: 'ignore',
    env: {},
    extendEnv: false,
    timeout: patienceSeconds * 1000,
  });
  if (asked.failed) throw broken(path, asked.shortMessage ?? 'it ended without a word');
  const answer = InstrumentVersion.safeParse(parseJson(asked.stdout));
  if (!answer.success) throw broken(path, `it answered ${JSON.stringify(asked.stdout.slice(0, 200))} to \`version\``);
  return { path, version: answer.data.version, origin };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function broken(path: string, given: string): EnvironmentError {
  return new EnvironmentError('E_NATIVE_CORE_MISSING', {
    what: 'The native core, which measures, does not work on this machine.',
    where: path,
    given,
    remedy: `One of three: ${threeWays}`,
  });
}
