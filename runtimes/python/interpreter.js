// Finds the interpreter that an environment is made with: the one Photofinish names, else the newest suitable one of runtime.json.
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const { toolchain } = JSON.parse(readFileSync(new URL('runtime.json', import.meta.url), 'utf8'));

/** What is found, or an `Error` whose message is one line with the remedy. */
export function findInterpreter(named) {
  if (named) {
    const version = versionOf(named);
    if (version === null || isOlder(version, toolchain.minimum))
      throw new Error(`${named} is no ${toolchain.name} ${toolchain.minimum} or newer with a global interpreter lock`);
    return { path: named, version };
  }
  const found = toolchain.places
    .flatMap(candidates)
    .filter((path) => existsSync(path) && !isScript(path))
    .map((path) => ({ path: realpathSync(path), version: versionOf(path) }))
    .filter(({ version }) => version !== null && !isOlder(version, toolchain.minimum))
    .reduce((best, one) => (best === null || isOlder(best.version, one.version) ? one : best), null);
  if (found === null)
    throw new Error(`no ${toolchain.name} ${toolchain.minimum} or newer was found; install one: ${toolchain.remedy}`);
  return found;
}

function candidates(place) {
  if (place.kind === 'folders')
    return place.patterns.flatMap((pattern) => expand(pattern.replace(/^~(?=\/)/, homedir())));
  if (place.kind === 'search-path')
    return (process.env.PATH ?? '').split(delimiter).flatMap((folder) => place.names.map((name) => join(folder, name)));
  const [command, ...rest] = place.command;
  return (output(command, rest) ?? '').split('\n').filter((line) => line.startsWith('/'));
}

/** Paths that match a pattern whose `*` and `[0-9]` stand within one folder's names. */
function expand(pattern) {
  return pattern
    .split('/')
    .slice(1)
    .reduce(
      (folders, part) => {
        if (!/[*[]/.test(part)) return folders.map((folder) => join(folder, part));
        const name = new RegExp(`^${part.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
        return folders.flatMap((folder) =>
          names(folder)
            .filter((entry) => name.test(entry))
            .map((entry) => join(folder, entry)),
        );
      },
      ['/'],
    );
}

function names(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Version managers put scripts on PATH that start whatever is configured in the current folder. */
function isScript(path) {
  try {
    const file = openSync(path);
    const start = Buffer.alloc(2);
    readSync(file, start, 0, 2, 0);
    closeSync(file);
    return start.toString('latin1') === '#!';
  } catch {
    return true;
  }
}

function versionOf(path) {
  return new RegExp(toolchain.versionPattern).exec(output(path, toolchain.versionArguments) ?? '')?.[1] ?? null;
}

function isOlder(version, than) {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}

function output(command, rest) {
  try {
    return execFileSync(command, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 15_000 });
  } catch {
    return null;
  }
}
