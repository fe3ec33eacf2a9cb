import { EnvironmentError } from '@photofinish/schema';
import { execa } from 'execa';
import type { NativeCore } from './core.ts';

/** Performs a command of the native core that answers with one JSON document. Throws `EnvironmentError` `E_INSTRUMENT` with its own words. */
export async function ask(core: NativeCore, command: readonly string[]): Promise<unknown> {
  const asked = await execa(core.path, command, { reject: false, stdin: 'ignore', env: {}, extendEnv: false });
  if (!asked.failed) return JSON.parse(asked.stdout);
  throw unanswered(core, command, asked);
}

/** The error of a command that ended without its answer, in its own words. */
export function unanswered(
  core: NativeCore,
  command: readonly string[],
  ended: { readonly stderr: string; readonly shortMessage?: string | undefined },
): EnvironmentError {
  const [words = '', remedy = ''] = ended.stderr.split(/\n\s*remedy: /);
  return new EnvironmentError('E_INSTRUMENT', {
    what: `The native core could not perform \`${command.join(' ')}\`.`,
    where: core.path,
    given: words === '' ? (ended.shortMessage ?? 'it ended without a word') : words,
    remedy: remedy === '' ? 'photofinish doctor says which core is used and whether it works.' : remedy,
  });
}
