import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const builtCore = join(root, 'packages/loadgen/native/target/release/photofinish-native');
const out = mkdtempSync(join(tmpdir(), 'photofinish-tarballs-'));
afterAll(() => rmSync(out, { recursive: true }));

/** What `npm run package` prints: one JSON document. Rejects with both streams when it fails. */
async function perform(...args: string[]): Promise<Record<string, unknown>> {
  const command = [join(root, 'packages/cli/bin/with-workspace.js'), 'scripts/package.ts', ...args];
  const { stdout } = await promisify(execFile)('node', command, { cwd: root });
  return JSON.parse(stdout);
}

async function pack(what: string, ...args: string[]): Promise<{ file: string; sha256: string }> {
  const { file, sha256 } = await perform(what, '--out', out, ...args);
  return { file: String(file), sha256: String(sha256) };
}

const packed = { product: { file: '', sha256: '' }, core: { file: '', sha256: '' } };
beforeAll(async () => {
  if (!existsSync(builtCore)) return;
  packed.product = await pack('product');
  packed.core = await pack('loadgen', '--binary', builtCore);
}, 60_000);
beforeEach((context) => {
  if (!existsSync(builtCore))
    context.skip('the native core is not built: npx turbo run build --filter=@photofinish/loadgen');
});

const listed = async (file: string) => (await promisify(execFile)('tar', ['-tzf', file])).stdout.trimEnd().split('\n');

describe('the packages of npm', () => {
  test('hold what measures, with the lock file, and nothing that tests or was built', async () => {
    const files = await listed(packed.product.file);
    for (const path of ['packages/cli/bin/photofinish.js', 'pnpm-lock.yaml', 'turbo.json', 'runtimes/go/go.mod'])
      expect(files).toContain(`package/workspace/${path}`);
    expect(files.filter((path) => /\.test\.ts$|\/(node_modules|target|dist|results|e2e\/src)\//.test(path))).toEqual(
      [],
    );
  });

  test('name the works of others that the core is linked with, and not those that only built it', async () => {
    const read = ['-xzOf', packed.core.file, 'package/THIRD-PARTY.txt'];
    const { stdout } = await promisify(execFile)('tar', read, { maxBuffer: 2 ** 24 });
    const heads = [...stdout.matchAll(/^-{80}\n\n(\S+) /gm)].map(([, name]) => name);
    expect(heads).toEqual(expect.arrayContaining(['mio', 'serde_json', 'hdrhistogram', 'miniz_oxide']));
    for (const name of ['syn', 'serde_derive', 'unicode-ident']) expect(heads).not.toContain(name);
    expect(stdout).toContain('The standard library of Rust');
  });

  test('are the same to the last bit when packed again from the same files', async () => {
    expect(await pack('product')).toEqual(packed.product);
    expect(await pack('loadgen', '--binary', builtCore)).toEqual(packed.core);
    expect(basename(packed.core.file)).toMatch(`photofinish-loadgen-${process.platform}-${process.arch}-`);
  });

  test('installed in an empty folder, without cargo on PATH, measure with the core that came with them', async () => {
    const account = await perform('check', packed.core.file, packed.product.file);
    expect(account).toMatchObject({ doctor: expect.stringContaining('(package)'), instrument: { origin: 'package' } });
    expect(account.output).toContain('node/async-await');
  }, 300_000);
});
