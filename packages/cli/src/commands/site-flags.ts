import { type NetworkPath, nearest, UsageError } from '@photofinish/schema';
import type { Command } from 'commander';

/** Flags that say where servers live. */
export interface SiteOptions {
  readonly engine: string;
  readonly network?: string;
}

const engines = ['local', 'docker'] as const;
const networks = ['bridge', 'host', 'published'] as const;

/** Adds the flags that say where servers live. */
export function siteFlags(command: Command): Command {
  return command
    .option(
      '--engine <name>',
      'where servers live: local (processes) or docker (containers; DOCKER_HOST is heeded)',
      'local',
    )
    .option('--network <name>', 'how containers are reached: bridge (their own network), host or published');
}

/** The engine and the network behind the flags. Throws `UsageError` for what is not one, and for a network of local processes. */
export function siteChoice(options: SiteOptions): {
  engine: 'local' | 'docker';
  network: Exclude<NetworkPath, 'loopback'> | null;
} {
  const engine = oneOf('--engine', options.engine, engines);
  if (options.network === undefined) return { engine, network: null };
  if (engine === 'local')
    throw new UsageError('E_OPTION', {
      what: '--network says how containers are reached; local processes are reached over loopback.',
      given: options.network,
      remedy: 'Leave it out, or add --engine docker.',
    });
  return { engine, network: oneOf('--network', options.network, networks) };
}

function oneOf<T extends string>(flag: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === text);
  if (found !== undefined) return found;
  const meant = nearest(text, [...allowed]);
  throw new UsageError('E_OPTION', {
    what: `${flag} does not know ${text}.`,
    given: text,
    allowed: allowed.join(', '),
    remedy: meant === null ? 'Choose one of those allowed.' : `Did you mean ${meant}?`,
  });
}
