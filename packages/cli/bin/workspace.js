// Plain JavaScript for any Node >= 20: brings the workspace to life before TypeScript can be read.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The folder of the project. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

const stamp = join(root, 'node_modules', '.photofinish-installed');
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Prints what is wrong and what mends it, and ends with exit code 3: the environment is not usable. */
function refuse(what, remedy) {
  process.stderr.write(`photofinish: ${what}\n  ${remedy}\n`);
  process.exit(3);
}

/** Digest of every file that decides what is installed. */
function wanted() {
  const hash = createHash('sha256');
  const manifests = ['packages', 'runtimes'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .map((name) => join(folder, name, 'package.json'))
      .filter((path) => existsSync(join(root, path)))
      .sort(),
  );
  for (const path of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', ...manifests])
    hash.update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

/** Installs the workspace unless exactly this one is installed; the first time takes about half a minute. */
export function ensureWorkspace() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    refuse(
      `Node ${process.versions.node} is too old, 20 or newer is needed.`,
      'Install a current Node with npm, for instance: npm install -g n && n lts',
    );
  }
  const digest = wanted();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest && existsSync(node)) return;
  try {
    accessSync(root, constants.W_OK);
  } catch {
    refuse(
      `${root} cannot be written to, and the workspace is to be installed in it.`,
      'Install Photofinish in a folder of your own, without --global, and start it there: npx photofinish',
    );
  }
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  process.stderr.write('Installing the workspace with pnpm (usually 30 s) ...\n');
  const began = Date.now();
  // An installed package needs what measures, and not what tests and checks the source.
  const scope = root.split(sep).includes('node_modules') ? ['--prod'] : [];
  const install = ['install', '--frozen-lockfile', ...scope];
  const result = spawnSync('npx', ['--yes', packageManager, ...install, '--reporter=silent'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, CI: 'true', npm_config_loglevel: 'error' },
  });
  if (result.error)
    refuse(`npx could not be started (${result.error.message}).`, 'Install npm, which brings npx: it comes with Node.');
  if (result.signal) process.exit(result.signal === 'SIGINT' ? 130 : 143);
  if (result.status !== 0) {
    refuse(
      `pnpm could not install the workspace (exit code ${result.status}).`,
      `Read the lines above; to try again: cd ${root} && npx ${packageManager} ${install.join(' ')}`,
    );
  }
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' });
  if (version.status !== 0) {
    const missing = /libatomic/.test(version.stderr ?? '') ? 'sudo apt-get install libatomic1' : `${node} --version`;
    refuse('The pinned Node does not start on this machine.', `Try: ${missing}`);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
  process.stderr.write(`Installed in ${Math.round((Date.now() - began) / 1000)} s.\n`);
}

/**
 * Starts a TypeScript file of the workspace under the pinned Node, hands signals on, and ends as it ends. The channel between the two tells
 * the child when this process dies, however it dies.
 */
export function startTypeScript(file, args) {
  const loader = pathToFileURL(join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  const child = spawn(node, ['--no-warnings', '--import', loader, join(root, file), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PHOTOFINISH_USER_PATH: process.env.PATH ?? '', PATH: path },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) =>
    refuse(`the pinned Node could not be started (${error.message}).`, 'Delete node_modules and try again.'),
  );
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exit(code ?? 1);
  });
}
