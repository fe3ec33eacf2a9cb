import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';
import { peers, versionOf } from './peers/registry.ts';
import { wrk } from './peers/wrk.ts';
import { kept } from './records/folder.ts';
import { neededCore } from './test-kit/core.ts';

const root = join(import.meta.dirname, '../../..');
const folder = await mkdtemp(join(tmpdir(), 'photofinish-bench-test-'));
afterAll(async () => await rm(folder, { recursive: true }));

/** The command as a person starts it. */
const bench = (args: readonly string[], environment: Record<string, string> = {}) =>
  execa('node', [join(root, 'packages/cli/bin/with-workspace.js'), 'packages/bench/src/main.ts', ...args], {
    reject: false,
    stdin: 'ignore',
    env: environment,
  });

describe('the comparison as a command', () => {
  test('tells how it is used, and what is wrong with a wrong word', async () => {
    const help = await bench(['--help']);
    expect([help.exitCode, help.stdout.split('\n')[0]]).toEqual([
      0,
      'Example: pnpm bench:instrument --only null-closed --peers wrk',
    ]);
    const wrong = await bench(['--only', 'everything']);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('--only');
  });

  test('shows that nothing was measured yet', async () => {
    const shown = await bench(['--show', '--folder', join(folder, 'empty')]);
    expect([shown.exitCode, shown.stdout.trim()]).toEqual([0, 'Nothing was measured yet.']);
  });

  test('leaves its figures, and a table of them', { timeout: 60_000 }, async (context) => {
    const core = neededCore(context);
    if (availableParallelism() < 2) context.skip('generator and server need a core each, and there is one');
    if ((await versionOf(wrk)) === null) context.skip(`wrk was not found: ${wrk.install}`);
    const args = ['--only', 'null-closed', '--peers', 'wrk', '--pairs', '2', '--folder', folder];
    const measured = await bench(args, { PHOTOFINISH_LOADGEN: core.path });
    expect(measured.stderr).toBe('');
    expect(measured.stdout).toMatch(/\n\| wrk \| `-t1 -c50 -d1s` \|.*\| 0 \/ 0 \|$/);
    expect(await readdir(folder)).toContain('null-closed.wrk.json');
    const [record] = await kept(folder);
    expect(record?.part === 'null-closed' && record.pairs.map(({ first }) => first)).toEqual(['own', 'peer']);
  });
});

describe('a peer', () => {
  test('that is not there has no version', async () => {
    expect(await versionOf({ ...wrk, id: 'no-such-load-generator' })).toBeNull();
  });

  test('names the command that installs it', () => {
    for (const { install } of peers) expect(install).toMatch(/^(apt-get|cargo|go|npm) install /);
  });
});
