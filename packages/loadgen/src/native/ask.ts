import { EnvironmentError } from '@photofinish/schema';
import { execa } from 'execa';
import type { NativeCore } from './core.ts';

/** Performs a command of the native core that answers with one JSON document. Throws `EnvironmentError` `E_INSTRUMENT` with its own words. */
export async function ask(core: NativeCore, command: readonly string[]): Promise<unknown> {
  const asked = await execa(core.path, command, { reject: false, stdin: 'ignore', env: {}, extendEnv: false });
  if (!asked.failed) return JSON.parse(asked.stdout);
  const [words = '', remedy = ''] = asked.stderr.split(/\n\s*remedy: /);
  throw new EnvironmentError('E_INSTRUMENT', {
    what: `The native core could not perform \`${command.join(' ')}\`.`,
    where: core.path,
    given: words === '' ? (asked.shortMessage ?? 'it ended without a word') : words,
    remedy: remedy === '' ? 'photofinish doctor says which core is used and whether it works.' : remedy,
  });
}
