import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { TestContext } from 'vitest';
import type { NativeCore } from '../native/core.ts';

/** The file that `build` of this package makes. */
export const builtCore: NativeCore = {
  path: join(import.meta.dirname, '../../native/target/release/photofinish-native'),
  version: '0.0.0',
  origin: 'built',
};

/** Skips a test, with the command that makes it possible, where the native core is not built. */
export function needNativeCore(context: TestContext): void {
  if (!existsSync(builtCore.path))
    context.skip('the native core is not built: npx turbo run build --filter=@photofinish/loadgen');
}

/** A fixture server of the native core. */
export interface FixtureServer extends AsyncDisposable {
  readonly port: number;
  kill(): Promise<void>;
}

/** Starts a fixture with these options, `--mode null` for one. */
export async function startFixture(...options: string[]): Promise<FixtureServer> {
  const child = execa(builtCore.path, ['fixture', ...options], { stdin: 'ignore', buffer: false, reject: false });
  const kill = async () => {
    child.kill('SIGKILL');
    await child;
  };
  const line = await new Promise<string>((resolve) => child.stdout.setEncoding('utf8').once('data', resolve));
  return { port: Number(/^listening (\d+)\n/.exec(line)?.[1]), kill, [Symbol.asyncDispose]: kill };
}
