import { glob, open, realpath, stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Toolchain, ToolchainPlace } from '@photofinish/schema';
import { execa } from 'execa';

/** What discovery may look at; nothing else is read. */
export interface SearchContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The Node that runs Photofinish. */
  readonly node: string;
}

/** An executable that might be the toolchain, and where it came from in words. */
export interface Candidate {
  readonly executable: string;
  readonly origin: string;
}

/** All existing candidates of a toolchain, each file once, in the order of its places. */
export async function candidates(toolchain: Toolchain, context: SearchContext): Promise<Candidate[]> {
  const seen = new Set<string>();
  const found: Candidate[] = [];
  for (const place of toolchain.places) {
    for (const candidate of await candidatesOf(place, context)) {
      const real = await realpath(candidate.executable).catch(() => null);
      if (real === null || seen.has(real) || !(await isProgram(real)) || !(await hasSiblings(real, toolchain)))
        continue;
      seen.add(real);
      found.push({ ...candidate, executable: place.kind === 'harness' ? candidate.executable : real });
    }
  }
  return found;
}

async function candidatesOf(place: ToolchainPlace, context: SearchContext): Promise<Candidate[]> {
  switch (place.kind) {
    case 'harness':
      return [{ executable: context.node, origin: 'Photofinish itself' }];
    case 'variable': {
      const folder = context.environment[place.name];
      return folder ? [{ executable: join(folder, place.path), origin: place.name }] : [];
    }
    case 'search-path': {
      const folders = (context.environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
      return folders.flatMap((folder) =>
        place.names.map((name) => ({ executable: join(folder, name), origin: 'PATH' })),
      );
    }
    case 'folders': {
      const found: Candidate[] = [];
      for (const pattern of place.patterns) {
        for await (const path of glob(pattern.replace(/^~(?=\/)/, context.home)))
          found.push({ executable: path, origin: 'usual folders' });
      }
      return found;
    }
    case 'command': {
      const [command = '', ...rest] = place.command;
      const result = await execa(command, rest, {
        reject: false,
        timeout: 10_000,
        stdin: 'ignore',
        env: { PATH: context.environment.PATH ?? '', HOME: context.home },
        extendEnv: false,
      });
      if (result.failed || typeof result.stdout !== 'string') return [];
      const paths = result.stdout
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line.startsWith('/'));
      return paths.map((executable) => ({ executable, origin: command }));
    }
  }
}

/** Version managers put scripts on PATH that start whatever is configured in the current folder; only real programs are taken. */
async function isProgram(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => null);
  if (facts === null || !facts.isFile() || (facts.mode & 0o111) === 0) return false;
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return false;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.toString('latin1') !== '#!';
  } finally {
    await file.close();
  }
}

async function hasSiblings(executable: string, toolchain: Toolchain): Promise<boolean> {
  for (const name of toolchain.siblings) {
    if ((await stat(join(dirname(executable), name)).catch(() => null)) === null) return false;
  }
  return true;
}
