import { join } from 'node:path';
import { findNativeCore, type NativeCore } from '@photofinish/loadgen';
import type { TestContext } from 'vitest';

const core = await findNativeCore({
  override: undefined,
  packageFolder: join(import.meta.dirname, '../../../loadgen'),
  built: true,
});

/** The native core; without one the test is skipped, with the command that builds it. */
export function neededCore(context: TestContext): NativeCore {
  return core ?? context.skip('the native core is not built: npx turbo run build --filter=@photofinish/loadgen');
}
