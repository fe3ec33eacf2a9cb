// pnpm bench:instrument: compares the load core with every peer on the PATH. See docs/instrument.md.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { findNativeCore, type NativeCore } from '@photofinish/loadgen';
import { EnvironmentError, InterruptedError, PhotofinishError } from '@photofinish/schema';
import { execa } from 'execa';
import { withTables } from './document/document.ts';
import { tables } from './document/tables.ts';
import { Comparison, type FoundPeer } from './measuring/comparison.ts';
import { help, type Options, readOptions } from './options.ts';
import { peers, versionOf } from './peers/registry.ts';
import { keep, kept } from './records/folder.ts';

const root = join(import.meta.dirname, '../../..');
const say = (line: string) => process.stdout.write(`${line}\n`);

/** The core that `PHOTOFINISH_LOADGEN` names, or the one that is built here, up to date. */
async function nativeCore(): Promise<NativeCore> {
  const override = process.env.PHOTOFINISH_LOADGEN;
  const packageFolder = join(root, 'packages', 'loadgen');
  if (override === undefined)
    await execa(
      'turbo',
      ['run', 'build', '--filter=@photofinish/loadgen', '--env-mode=loose', '--output-logs=errors-only'],
      {
        cwd: root,
        stdio: ['ignore', 2, 2],
      },
    );
  const core = await findNativeCore({ override, packageFolder, built: true });
  if (core !== null) return core;
  throw new EnvironmentError('E_NATIVE_CORE_MISSING', {
    what: 'There is no native core to compare.',
    remedy: 'npx turbo run build --filter=@photofinish/loadgen',
  });
}

async function foundPeers(ids: readonly string[]): Promise<FoundPeer[]> {
  const asked = peers.filter(({ id }) => ids.includes(id));
  const found = await Promise.all(asked.map(async (peer) => ({ peer, version: await versionOf(peer) })));
  for (const { peer, version } of found)
    say(version === null ? `${peer.id} is missing and left out: ${peer.install}` : `${peer.id} ${version}`);
  return found.flatMap(({ peer, version }) => (version === null ? [] : [{ peer, version }]));
}

/** Whether every peer that was found could be measured. */
async function measure(options: Options, signal: AbortSignal): Promise<boolean> {
  const core = await nativeCore();
  const found = await foundPeers(options.peers);
  let isWhole = true;
  const listener = {
    say,
    fail(way: string, error: unknown) {
      isWhole = false;
      say(`${way}: left out. ${told(error)}`);
    },
  };
  const comparison = new Comparison(core, options, found, listener, (record) => keep(options.folder, record));
  await comparison.perform(signal);
  return isWhole;
}

function told(error: unknown): string {
  if (!(error instanceof PhotofinishError)) return inspect(error);
  return [error.what, error.where, error.given, error.allowed, error.remedy].filter(Boolean).join('\n  ');
}

const exitCodes: Partial<Record<PhotofinishError['kind'], number>> = {
  usage: 2,
  environment: 3,
  measurement: 4,
  results: 7,
};

function codeOf(error: unknown): number {
  if (error instanceof InterruptedError) return error.signal === 'SIGINT' ? 130 : 143;
  return error instanceof PhotofinishError ? (exitCodes[error.kind] ?? 1) : 1;
}

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () =>
    controller.abort(
      new InterruptedError(signal, {
        what: 'Interrupted.',
        remedy: 'What is kept is kept: go on with --only and --peers.',
      }),
    ),
  );

try {
  const options = readOptions(process.argv.slice(2), root);
  if (options.isHelpWanted) process.stdout.write(help);
  else {
    const isWhole = options.isShowing || (await measure(options, controller.signal));
    const text = tables(await kept(options.folder));
    say(`\n${text}`);
    if (options.isWriting) {
      const path = join(root, 'docs', 'instrument.md');
      await writeFile(path, withTables(await readFile(path, 'utf8'), text));
    }
    process.exitCode = isWhole ? 0 : 4;
  }
} catch (error) {
  process.stderr.write(`${told(error)}\n`);
  process.exitCode = codeOf(error);
}
process.disconnect?.();
