// npm test: sets up as `npm run quick` does, performs every test that can run on this machine, lists the others with the reason, and ends
// with the line `N passed, N failed, N skipped`. What holds no load against a clock goes on at once.
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findToolchain, readRuntimes, toolchainEnvironment } from '@photofinish/engines';
import { $, chalk, glob } from 'zx';
import { cargoSummary, fuzzSummary, goSummary, junitSummary, type Summary, vitestSummary } from './test/summaries.ts';

$.verbose = false;
$.nothrow = true;
const root = join(import.meta.dirname, '..');
const searchPath = process.env.PHOTOFINISH_USER_PATH ?? process.env.PATH ?? '';
const context = { environment: { ...process.env, PATH: searchPath }, home: homedir(), node: process.execPath };
const total: Summary = { passed: 0, failed: 0, skipped: [], failures: [] };
const onePassed: Summary = { passed: 1, failed: 0, skipped: [], failures: [] };
const oneFailed: Summary = { passed: 0, failed: 1, skipped: [], failures: [] };
const slow = performance.now();

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The beginning of what a test failed by, as lines to stand below its name. */
function excerpt(reason: string): string {
  const lines = reason.split('\n').map((line) => `    ${line.slice(0, 300)}`);
  return (lines.length > 12 ? [...lines.slice(0, 12), '    ...'] : lines).join('\n');
}

function add(title: string, summary: Summary): void {
  total.passed += summary.passed;
  total.failed += summary.failed;
  total.skipped.push(...summary.skipped);
  total.failures.push(...summary.failures.map(({ name, reason }) => ({ name: `${title}: ${name}`, reason })));
  const unnamed = summary.failed - summary.failures.length;
  if (unnamed > 0) total.failures.push({ name: title, reason: `${unnamed} without a name; its output is above` });
  const mark = summary.failed > 0 ? chalk.red('FAIL') : chalk.green('ok');
  say(
    `${mark} ${title}: ${summary.passed} passed, ${summary.failed} failed, ${summary.skipped.length} skipped (${Math.round((performance.now() - slow) / 1000)} s since the start)`,
  );
}

const skip = (title: string, reason: string) =>
  add(title, { passed: 0, failed: 0, skipped: [{ name: title, reason }], failures: [] });

/** Performs a command whose exit code is its whole result; prints its output only when it fails. */
async function check(title: string, command: readonly string[]): Promise<void> {
  const result = await $({ cwd: root })`${command}`;
  if (result.exitCode !== 0) say(`${result.stdout}${result.stderr}`);
  add(title, result.exitCode === 0 ? onePassed : oneFailed);
}

/** Performs tests through turbo and adds up the files they leave; no file although the command failed counts as one failure. */
async function suite(
  title: string,
  filter: readonly string[],
  environment: Record<string, string>,
  read: () => Promise<Summary | null>,
  task = 'test',
): Promise<void> {
  const filters = filter.map((name) => `--filter=${name}`);
  const result = await $({
    cwd: root,
    env: { ...process.env, ...environment },
  })`turbo run ${task} ${filters} --env-mode=loose --output-logs=errors-only --continue --concurrency=2`;
  if (result.exitCode !== 0) say(`${result.stdout}${result.stderr}`);
  const summary = await read();
  if (summary === null) add(title, oneFailed);
  else add(title, { ...summary, failed: Math.max(summary.failed, result.exitCode === 0 ? 0 : 1) });
}

async function staticChecks(): Promise<void> {
  await check('format and lint', ['biome', 'ci', '.']);
  await check('types', ['turbo', 'run', 'typecheck', '--output-logs=errors-only']);
  await check('import direction', ['depcruise', 'packages', '--config', '.dependency-cruiser.cjs']);
  await check('dead files, exports and dependencies', ['knip']);
}

/** The environment of cargo; null, and said so, where there is none. */
async function cargoEnvironment(): Promise<Record<string, string> | null> {
  const cargo = await $({ env: { ...process.env, PATH: searchPath } })`sh -c ${'command -v cargo'}`;
  if (cargo.exitCode === 0) return { PATH: `${process.env.PATH}:${searchPath}` };
  skip('native core', 'cargo was not found; on Debian or Ubuntu: sudo apt-get install rustup && rustup default stable');
  return null;
}

/** All of the native core in which no load is held against a clock. */
async function nativeBuilds(environment: Record<string, string>): Promise<void> {
  await suite(
    'native core: format and clippy',
    ['@photofinish/loadgen'],
    environment,
    async () => onePassed,
    'lint:native',
  );
  await suite(
    'native core: tests compile',
    ['@photofinish/loadgen'],
    environment,
    async () => onePassed,
    'build:tests',
  );
  await suite('native core, release build', ['@photofinish/loadgen'], environment, async () => onePassed, 'build');
  await fuzzing(environment);
}

/** The tests of the native core, which hold servers and loads against clocks: nothing else goes on meanwhile. */
async function nativeTests(environment: Record<string, string>): Promise<void> {
  await suite(
    'native core',
    ['@photofinish/loadgen'],
    environment,
    () => summaryOf(join(root, 'packages/loadgen/.test/cargo.txt'), cargoSummary),
    'test:native',
  );
}

/** libFuzzer for 20 s, and how many inputs that were. */
async function fuzzing(environment: Record<string, string>): Promise<void> {
  const title = 'native core: fuzzing of the response parser';
  const compiler = await $({ env: { ...process.env, PATH: searchPath } })`sh -c ${'command -v c++'}`;
  if (compiler.exitCode !== 0)
    return skip(title, 'libFuzzer needs a C++ compiler; on Debian or Ubuntu: sudo apt-get install g++');
  const told = join(root, 'packages/loadgen/.test/fuzz.txt');
  await suite(title, ['@photofinish/loadgen'], environment, () => summaryOf(told, fuzzSummary), 'fuzz:native');
  const runs = existsSync(told) ? /^Done .*$/m.exec(await readFile(told, 'utf8'))?.[0] : undefined;
  if (runs !== undefined) say(`   ${runs}`);
}

async function summaryOf(path: string, read: (text: string) => Summary): Promise<Summary | null> {
  return existsSync(path) ? read(await readFile(path, 'utf8')) : null;
}

async function sumOf(patterns: readonly string[], read: (text: string) => Summary): Promise<Summary | null> {
  const files = await glob(patterns.map((pattern) => join(root, pattern)));
  if (files.length === 0) return null;
  const parts = await Promise.all(files.map(async (file) => read(await readFile(file, 'utf8'))));
  return {
    passed: parts.reduce((sum, part) => sum + part.passed, 0),
    failed: parts.reduce((sum, part) => sum + part.failed, 0),
    skipped: parts.flatMap((part) => part.skipped),
    failures: parts.flatMap((part) => part.failures),
  };
}

async function runtimes(): Promise<void> {
  for (const { manifest } of await readRuntimes(join(root, 'runtimes'))) {
    const { found, absence } = await findToolchain(manifest, context);
    if (found === null) {
      skip(`servers of ${manifest.name}`, `${absence?.reason}; ${absence?.remedy}`);
      continue;
    }
    const own = toolchainEnvironment(manifest, found, context);
    const environment = {
      ...own,
      PATH: `${own.PATH}:${join(root, 'node_modules', '.bin')}`,
      PHOTOFINISH_TOOLCHAIN: found.executable,
      PHOTOFINISH_TOOLCHAIN_VERSION: found.version,
    };
    const folder = `runtimes/${manifest.id}`;
    const read = async () =>
      (await sumOf([`${folder}/.test/*.xml`, `${folder}/target/surefire-reports/*.xml`], junitSummary)) ??
      (await sumOf([`${folder}/.test/go.json`], goSummary));
    await suite(`servers of ${manifest.name}: lint`, [`./${folder}`], environment, async () => onePassed, 'lint');
    await suite(`servers of ${manifest.name}`, [`./${folder}`], environment, read);
  }
}

async function packages(): Promise<void> {
  for (const file of await glob(join(root, 'packages/*/.test/summary.json'))) await rm(file);
  await suite('packages', ['./packages/*', '!@photofinish/e2e'], {}, () =>
    sumOf(['packages/!(e2e)/.test/summary.json'], vitestSummary),
  );
  await suite('whole harness', ['@photofinish/e2e'], {}, () =>
    sumOf(['packages/e2e/.test/summary.json'], vitestSummary),
  );
}

async function checksAndRuntimes(): Promise<void> {
  await staticChecks();
  await runtimes();
}

const cargo = await cargoEnvironment();
await Promise.all([checksAndRuntimes(), cargo === null ? null : nativeBuilds(cargo)]);
if (cargo !== null) await nativeTests(cargo);
await packages();
if (total.skipped.length > 0) say('\nSkipped:');
for (const { name, reason } of total.skipped) say(`  ${name}: ${reason}`);
if (total.failures.length > 0) say('\nFailed:');
for (const { name, reason } of total.failures) say(`  ${name}\n${excerpt(reason)}`);
say(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);
const strict = process.env.PHOTOFINISH_NO_SKIPS !== undefined && total.skipped.length > 0;
process.exit(total.failed > 0 || strict ? 1 : 0);
