import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { z } from 'zod';
import type { Invocation } from '../terminal.ts';

/** How a build ended. */
export type BuildOutcome = { readonly built: true } | { readonly built: false; readonly reason: string };

const Manifest = z.object({ name: z.string(), scripts: z.record(z.string(), z.string()).default({}) });

/** Lines of a failed build that are shown. */
const lastLines = 30;

/**
 * Builds one workspace package through turbo, which skips it when none of its inputs changed; one without a build is built. `environment` replaces the one of this process.
 * Aborting ends the build and everything it started, since both share a process group of their own.
 */
export async function buildPackage(
  root: string,
  folder: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<BuildOutcome> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{"name":"none"}');
  const manifest = Manifest.parse(JSON.parse(text));
  if (manifest.scripts.build === undefined) return { built: true };
  signal.throwIfAborted();
  const child = execa(
    join(root, 'node_modules', '.bin', 'turbo'),
    ['run', 'build', `--filter=${manifest.name}`, '--output-logs=errors-only', '--env-mode=loose', '--no-color'],
    {
      cwd: root,
      env: { ...environment, TURBO_TELEMETRY_DISABLED: '1' },
      extendEnv: false,
      stdin: 'ignore',
      all: true,
      reject: false,
      detached: true,
    },
  );
  const stop = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const result = await child;
    signal.throwIfAborted();
    if (!result.failed) return { built: true };
    return { built: false, reason: ownLines(String(result.all ?? result.shortMessage), manifest.name) };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The last lines that the build itself printed, without turbo's frame around them; everything where there are none. */
export function ownLines(output: string, name: string): string {
  const prefix = `${name}:build: `;
  const all = stripVTControlCharacters(output).trimEnd().split('\n');
  const own = all
    .filter((line) => line.startsWith(prefix) && !/: cache (miss|bypass)/.test(line))
    .map((line) => line.slice(prefix.length));
  return (own.length > 0 ? own : all).slice(-lastLines).join('\n');
}

/** The environment of this process with a build's own on top; the pinned tools of the workspace come last on PATH. */
export function buildEnvironment(
  { environment, root }: Invocation,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const inherited = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const path = [own.PATH, join(root, 'node_modules', '.bin')]
    .filter((part) => part !== undefined && part !== '')
    .join(':');
  return { ...Object.fromEntries(inherited), ...own, PATH: path };
}
