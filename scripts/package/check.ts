import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { $, type ProcessOutput } from 'zx';
import { root, userPath } from './npm.ts';

/** What is measured when nothing else is asked for: the smallest run that ends in a page. */
const smallest = ['quick', '--targets', 'node/async-await', '--blocks', '1'];

/**
 * Does what a stranger does: installs the tarballs in an empty folder, without cargo on PATH, looks around with `doctor`, and measures. Prints what
 * it saw as one line of JSON, and returns 0 when the packed core measured: a noisy machine may make trials invalid, and that is no fault of the
 * packages.
 */
export async function check(tarballs: readonly string[], args: readonly string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'photofinish-install-'));
  try {
    const home = join(folder, 'race');
    mkdirSync(home);
    const run = $({ cwd: home, env: strangersEnvironment(join(folder, 'tools')), nothrow: true, quiet: true });
    const installed = await run`npm install --no-audit --no-fund --loglevel=error ${tarballs}`;
    if (installed.exitCode !== 0) return failed('npm install', installed);
    const doctor = await run`npx photofinish doctor --json`;
    const core = coreSeen(doctor.stdout);
    if (core === null) return failed('photofinish doctor', doctor);
    const measured = await run`npx photofinish ${args.length > 0 ? args : smallest}`;
    if (measured.exitCode !== 0 && measured.exitCode !== 4) return failed('photofinish quick', measured);
    const environments = await runEnvironments(join(home, 'results'));
    if (environments.length !== 1) return failed(`photofinish quick left ${environments.length} runs`, measured);
    const [{ instrument, photofinish }] = environments as [RunEnvironment];
    const account = { doctor: core, exitCode: measured.exitCode, instrument, photofinish, output: measured.stdout };
    process.stdout.write(`${JSON.stringify(account)}\n`);
    return instrument.origin === 'package' ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface RunEnvironment {
  readonly instrument: { readonly version: string; readonly origin: string };
  readonly photofinish: { readonly version: string; readonly commit: string | null };
}

function failed(what: string, { exitCode, stdout, stderr }: ProcessOutput): number {
  process.stderr.write(`${what}: exit code ${exitCode}\n${stdout}\n${stderr}\n`);
  return 1;
}

/** What `doctor` says of the native core, where it found a working one. */
function coreSeen(text: string): string | null {
  try {
    const { conditions } = JSON.parse(text) as { conditions: { id: string; level: string; found: string }[] };
    const core = conditions.find(({ id }) => id === 'native-core');
    return core?.level === 'ok' && core.found.includes('(package)') ? core.found : null;
  } catch {
    return null;
  }
}

async function runEnvironments(results: string): Promise<RunEnvironment[]> {
  if (!existsSync(results)) return [];
  const files = (await readdir(results, { recursive: true })).filter((name) => /(^|\/)environment\.json$/.test(name));
  return await Promise.all(files.map(async (name) => JSON.parse(await readFile(join(results, name), 'utf8'))));
}

/** The environment of somebody who has no Rust and nothing of this workspace. */
function strangersEnvironment(shadows: string): Record<string, string | undefined> {
  const rust = new Set(['cargo', 'rustc', 'rustup']);
  const places = userPath.split(delimiter).filter((place) => !place.startsWith(root));
  const path = places.map((place, index) => {
    if (!existsSync(join(place, 'cargo'))) return place;
    return shadow(place, join(shadows, String(index)), rust);
  });
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(PHOTOFINISH_|CARGO|RUSTUP|npm_(?!config_)|INIT_CWD$|NODE_OPTIONS$|NODE_PATH$)/.test(name),
  );
  return { ...Object.fromEntries(own), NO_COLOR: '1', PATH: path.join(delimiter) };
}

/** A folder with everything of another one but what is left out. */
function shadow(place: string, folder: string, leftOut: ReadonlySet<string>): string {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(place)) if (!leftOut.has(name)) symlinkSync(join(place, name), join(folder, name));
  return folder;
}
