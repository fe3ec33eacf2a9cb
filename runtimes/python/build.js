// Makes the Python environments of this folder: node build.js runtime|tools...
// `runtime` is what the servers start from, `tools` is what judges the code. One that is up to date is left alone.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findInterpreter } from './interpreter.js';

const environments = {
  runtime: { folder: '.venv', requirements: 'requirements.txt', imports: 'gunicorn, httptools, uvicorn, uvloop' },
  tools: { folder: '.venv-dev', requirements: 'requirements-dev.txt', imports: 'pytest, ruff' },
};

/** Runs a command with its output shown. Throws one line when it fails. */
function run(command, rest) {
  const { status, error } = spawnSync(command, rest, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${rest.join(' ')}: ${error?.message ?? `ended with ${status}`}`);
}

const succeeds = (command, rest) => spawnSync(command, rest, { stdio: 'ignore' }).status === 0;

/** The stamp is written last, so that an interrupted build has none. It changes with the interpreter's file and the requirements. */
function stampOf(interpreter, { requirements, imports }) {
  const { size, mtimeMs } = statSync(interpreter);
  const pinned = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  return { interpreter, file: { path: realpathSync(interpreter), size, mtimeMs }, pinned, imports };
}

function readStamp(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function isUpToDate(environment, stampPath, named) {
  const stamp = readStamp(stampPath);
  const interpreter = named ?? stamp?.interpreter;
  return (
    interpreter !== undefined &&
    existsSync(interpreter) &&
    existsSync(join(environment.folder, 'bin', 'python')) &&
    JSON.stringify(stamp) === JSON.stringify(stampOf(interpreter, environment))
  );
}

function makeWithUv({ folder, requirements }, inside, interpreter) {
  const python = ['--no-python-downloads', '--python'];
  run('uv', ['venv', '--quiet', '--no-project', ...python, interpreter.path, folder]);
  const install = ['pip', 'install', '--quiet', '--compile-bytecode', '--require-hashes'];
  run('uv', [...install, ...python, inside, '-r', requirements]);
}

function makeWithPip({ folder, requirements }, inside, interpreter) {
  run(interpreter.path, ['-m', 'venv', folder]);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--require-hashes'];
  run(inside, [...install, '--no-deps', '-r', requirements]);
}

/** The way to make an environment here. Throws when there is none. */
function chooseMaker({ path, version }) {
  if (succeeds('uv', ['--version'])) return makeWithUv;
  if (succeeds(path, ['-c', 'import ensurepip, venv'])) return makeWithPip;
  const series = version.split('.').slice(0, 2).join('.');
  throw new Error(
    `${path} makes no environments; apt-get install python${series}-venv (Debian, Ubuntu), or install uv`,
  );
}

function build(name, named) {
  const environment = environments[name];
  if (environment === undefined)
    throw new Error(`there is no environment ${name}; there are ${Object.keys(environments).join(' and ')}`);
  const stampPath = join(environment.folder, 'photofinish.json');
  if (isUpToDate(environment, stampPath, named)) return;
  const interpreter = findInterpreter(named);
  const make = chooseMaker(interpreter);
  const inside = join(environment.folder, 'bin', 'python');
  process.stdout.write(`python: making ${environment.folder} with CPython ${interpreter.version}\n`);
  rmSync(stampPath, { force: true });
  rmSync(environment.folder, { recursive: true, force: true });
  make(environment, inside, interpreter);
  run(inside, ['-c', `import ${environment.imports}`]);
  const draft = `${stampPath}.draft`;
  writeFileSync(draft, JSON.stringify(stampOf(interpreter.path, environment)));
  renameSync(draft, stampPath);
}

process.chdir(import.meta.dirname ?? new URL('.', import.meta.url).pathname);
try {
  for (const name of process.argv.slice(2)) build(name, process.env.PHOTOFINISH_TOOLCHAIN || undefined);
} catch (problem) {
  process.stderr.write(`python: ${problem.message}\n`);
  process.exitCode = 1;
}
