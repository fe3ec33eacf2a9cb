import { join } from 'node:path';
import { findNativeCore, type NativeCore } from '@photofinish/loadgen';
import { EnvironmentError } from '@photofinish/schema';
import { execa } from 'execa';
import type { Invocation } from '../terminal.ts';
import type { Steps } from '../ui/steps.ts';
import { buildEnvironment, buildPackage } from './build.ts';

/** Usual seconds of its build on two cores. */
const usualSeconds = 45;

const search = ({ root, environment }: Invocation) => ({
  override: environment.PHOTOFINISH_LOADGEN,
  packageFolder: join(root, 'packages', 'loadgen'),
});

/** The native core as it stands, for those who only look; null when it is not built yet. Throws `EnvironmentError` when the one found does not work. */
export async function findCore(invocation: Invocation): Promise<NativeCore | null> {
  return await findNativeCore({ ...search(invocation), built: true });
}

/**
 * The native core from `PHOTOFINISH_LOADGEN`, from the optional package, or built here by cargo. Throws `EnvironmentError`
 * `E_NATIVE_CORE_MISSING` with the remedy when none of them can be had.
 */
export async function nativeCore(invocation: Invocation, steps: Steps): Promise<NativeCore> {
  const where = search(invocation);
  const ready = await findNativeCore({ ...where, built: false });
  if (ready !== null) return ready;
  const path = invocation.environment.PHOTOFINISH_USER_PATH ?? invocation.environment.PATH ?? '';
  const build = () =>
    buildPackage(invocation.root, where.packageFolder, buildEnvironment(invocation, { PATH: path }), invocation.signal);
  const outcome = await steps.step(
    'Building the native core with cargo',
    usualSeconds,
    build,
    ({ built: isBuilt }) => isBuilt,
  );
  const built = outcome.built ? await findCore(invocation) : null;
  if (built !== null) return built;
  throw new EnvironmentError('E_NATIVE_CORE_MISSING', {
    what: (await hasCargo(path))
      ? 'The native core, which measures, could not be built.'
      : 'cargo was not found; it builds the native core, which measures.',
    ...(outcome.built || !(await hasCargo(path)) ? {} : { given: outcome.reason }),
    remedy: rustRemedy,
  });
}

/** The command that supplies what builds the native core. */
export const rustRemedy =
  'Install Rust 1.88 or newer (Debian 13, Ubuntu 24.04 or newer: sudo apt-get install rustup && rustup default stable; elsewhere: https://rustup.rs), or set PHOTOFINISH_LOADGEN to the path of a photofinish-native.';

/** Whether cargo is on the PATH. */
export async function hasCargo(path: string): Promise<boolean> {
  const result = await execa('cargo', ['--version'], {
    reject: false,
    stdin: 'ignore',
    env: { PATH: path },
    extendEnv: true,
    preferLocal: false,
  });
  return !result.failed;
}
