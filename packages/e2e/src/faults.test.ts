import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Analysis } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { alive, descendantsOf, entry, faultyRuntimes, photofinish, ResultsFolder, start } from './harness.ts';

const strangers = { PHOTOFINISH_RUNTIMES: faultyRuntimes };
const minutes = (count: number) => count * 60_000;
const analysisOf = (stdout: string) => Analysis.parse((JSON.parse(stdout) as { analysis: unknown }).analysis);

describe('a target that does something wrong', () => {
  test('fails with its own cause while the others are measured, and is left out after the second failure', {
    timeout: minutes(6),
  }, async () => {
    using results = new ResultsFolder();
    const targets = 'faulty/ends-at-start,faulty/wrong-body,faulty/old-nonce,faulty/killed,faulty/skips-wait';
    const { code, stdout, stderr } = await photofinish(
      ['quick', '--targets', targets, '--blocks', '1', '--out', results.path, '--json'],
      strangers,
    );
    expect(code, stderr).toBe(4);
    const { trials } = analysisOf(stdout);
    const causes = (targetId: string) => [
      ...new Set(trials.filter((trial) => trial.targetId === targetId).map(({ cause }) => cause)),
    ];
    expect(causes('faulty/ends-at-start')).toEqual(['crashed', 'quarantined']);
    expect(causes('faulty/wrong-body')).toEqual(['wrong-response', 'quarantined']);
    expect(causes('faulty/old-nonce')).toEqual(['info-mismatch', 'quarantined']);
    expect(causes('faulty/killed')).toEqual(['crashed', 'quarantined']);
    // Not the server's failure but a figure that cannot be: every attempt is invalid, on the comparison that waits and on no other.
    const waits = trials.filter((trial) => trial.targetId === 'faulty/skips-wait' && trial.comparisonId === 'timer');
    expect(waits.map(({ state, cause }) => [state, cause])).toContainEqual(['invalid', 'wait-skipped']);
    expect(waits.map(({ state }) => state)).not.toContain('ok');
    expect(trials.some(({ targetId, state }) => targetId === 'node/async-await' && state === 'ok')).toBe(true);
    expect(stderr).toContain('failed twice in a row');
    expect(stdout).toContain('no licence file found');
  });
});

describe('an A/A alias that is made slower than its own target', () => {
  test('trips the A/A gate, and only where it is slower', { timeout: minutes(6) }, async () => {
    using results = new ResultsFolder();
    using tree = new ResultsFolder();
    cpSync(faultyRuntimes, tree.path, { recursive: true });
    writeFileSync(join(tree.path, 'faulty', 'results-folder'), results.path);
    const targetId = 'faulty/slow-alias';
    const { code, stdout, stderr } = await photofinish(
      [
        'quick',
        '--targets',
        targetId,
        '--alias',
        targetId,
        '--blocks',
        '2',
        '--cores',
        '0',
        '--out',
        results.path,
        '--json',
      ],
      { PHOTOFINISH_RUNTIMES: tree.path },
    );
    expect([0, 4], stderr).toContain(code);
    const comparisons = new Map(analysisOf(stdout).comparisons.map((one) => [one.id, one]));
    const aliasOf = (id: string) => comparisons.get(id)?.alias.find(({ metric }) => metric === 'throughput');
    const computing = aliasOf('spin-one-core');
    expect(computing, stderr).toMatchObject({ gate: { gate: 'alias', passed: false } });
    // A noisy host may have cost a pair. A kernel that is computed three times takes three times as long, beside what a request costs otherwise.
    expect(computing?.pairs).toBeGreaterThan(0);
    expect(computing?.ratio).toBeLessThan(0.6);
    const verdict = comparisons.get('spin-one-core')?.verdicts.find(({ metric }) => metric === 'throughput');
    expect(verdict?.verdict).toBe('no-verdict');
    expect(verdict?.gates.find(({ gate }) => gate === 'alias')?.passed).toBe(false);
    // The parked requests of the timer are none of the kernel's: there it is as fast as itself.
    expect(aliasOf('timer')?.ratio).toBeGreaterThan(0.6);
  });
});

describe('a missing toolchain', () => {
  test('named by hand is an error with the command that supplies it', async () => {
    const { code, stderr } = await photofinish(['quick', '--targets', 'absent/model', '--blocks', '1'], strangers);
    expect(code).toBe(3);
    expect(stderr).toContain('install-absent-tool');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('is shown by the plan as a row that will not be run, too old ones with their version', async () => {
    const { code, stdout } = await photofinish(
      ['plan', 'quick', '--targets', 'absent/model,outdated/model'],
      strangers,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/absent\/model: not-run.*install-absent-tool/);
    expect(stdout).toMatch(/outdated\/model: not-run.*newest found, 99 or newer is needed.*install-outdated-tool/);
  });
});

describe('what a person mistypes', () => {
  test.each([
    [['quikc'], 'quick'],
    [['quick', '--bloks', '3'], '--blocks'],
    [['quick', '--targets', 'go/gorutines'], 'go/goroutines'],
    [['run', 'qick'], 'quick'],
    [['check', 'pyton/threads'], 'python/threads'],
    [['quick', '--blocks', '0'], '1 to 1000'],
    [['quick', '--cores', 'all'], '0,2-3'],
  ])('%j names the nearest valid word, and ends with 2', async (args, meant) => {
    const { code, stdout, stderr } = await photofinish(args);
    expect(code).toBe(2);
    expect(stderr).toContain(meant);
    expect(stdout).toBe('');
  });

  test('is one JSON document too when JSON is asked for', async () => {
    const { code, stdout } = await photofinish(['quick', '--targets', 'go/gorutines', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'E_UNKNOWN_TARGET', exitCode: code } });
  });

  test.each(['quick', 'plan', 'run', 'report', 'check', 'serve', 'build', 'load', 'calibrate', 'doctor', 'gc'])(
    '%s --help begins with an example',
    async (name) => {
      const { code, stdout } = await photofinish([name, '--help']);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Example: photofinish ${name}`));
    },
  );
});

test('a reader who has seen enough breaks nothing', () => {
  const piped = 'node "$0" plan quick --all | head -n 1';
  const { stdout, stderr, status } = spawnSync('bash', ['-o', 'pipefail', '-c', piped, entry], { encoding: 'utf8' });
  expect(stdout).toMatch(/^A first look/);
  expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
  expect(status).toBe(0);
});

describe('the death of the harness', () => {
  test('by kill -9 leaves no process after two seconds, and the run can be resumed', {
    timeout: minutes(5),
  }, async () => {
    using results = new ResultsFolder();
    const args = ['quick', '--targets', 'node/cluster', '--blocks', '1', '--out', results.path];
    const first = start(args);
    await first.printed('[1/9]');
    await delay(1500);
    const family = descendantsOf(first.child.pid ?? 0);
    expect(family.length).toBeGreaterThanOrEqual(3);
    first.child.kill('SIGKILL');
    await delay(2000);
    expect(alive(family)).toEqual([]);
    const resumed = await photofinish([...args, '--resume', '--json']);
    expect([0, 4], resumed.stderr).toContain(resumed.code);
    const { trials, complete } = analysisOf(resumed.stdout);
    expect(complete).toBe(true);
    expect(trials.some(({ cause }) => cause === 'harness-died')).toBe(true);
  });

  test('by Ctrl-C ends with 130, says how to go on, and going on finishes the run', {
    timeout: minutes(5),
  }, async () => {
    using results = new ResultsFolder();
    const args = ['quick', '--targets', 'node/cluster', '--blocks', '1', '--out', results.path];
    const first = start(args);
    await first.printed('[1/9]');
    await delay(1500);
    const family = descendantsOf(first.child.pid ?? 0);
    first.child.kill('SIGINT');
    const { code, stderr } = await first.ended;
    expect(code, stderr).toBe(130);
    expect(stderr).toContain('--resume');
    expect(alive(family)).toEqual([]);
    const resumed = await photofinish([...args, '--resume', '--json']);
    const { trials, complete } = analysisOf(resumed.stdout);
    expect(complete).toBe(true);
    expect(trials.filter(({ state }) => state === 'interrupted')).toHaveLength(1);
  });
});

describe('a place for results that fails', () => {
  const asRoot = process.getuid?.() === 0 && process.platform === 'linux';

  /** A small disk in memory; null where this user may not mount one. */
  function smallDisk(path: string, options: string): boolean {
    mkdirSync(path, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }

  test('because it is read-only ends with 3 before anything is measured', async (context) => {
    if (!asRoot) context.skip('mounting a read-only disk needs root on Linux');
    using results = new ResultsFolder();
    const disk = join(results.path, 'disk');
    if (!smallDisk(disk, 'ro,size=200m')) context.skip('this sandbox does not allow mounts');
    try {
      const { code, stderr } = await photofinish(['quick', '--targets', 'node/cluster', '--out', disk]);
      expect(code).toBe(3);
      expect(stderr).toContain('E_RESULTS_NOT_WRITABLE');
      expect(stderr).toContain('--out');
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test('because it fills up in the middle ends with 9, keeps what is finished, and goes on once there is room', {
    timeout: minutes(5),
  }, async (context) => {
    if (!asRoot) context.skip('mounting a small disk needs root on Linux');
    using results = new ResultsFolder();
    const disk = join(results.path, 'disk');
    if (!smallDisk(disk, 'size=120m')) context.skip('this sandbox does not allow mounts');
    try {
      const args = ['quick', '--targets', 'node/cluster', '--blocks', '1', '--out', disk];
      const first = start(args);
      await first.printed('[1/9]');
      const ballast = join(disk, 'ballast');
      writeFileSync(ballast, '');
      try {
        for (;;) appendFileSync(ballast, Buffer.alloc(65_536));
      } catch {
        // the disk is full now, which is what this is for
      }
      const { code, stderr } = await first.ended;
      expect(code, stderr).toBe(9);
      expect(stderr).toContain('--resume');
      rmSync(ballast);
      const resumed = await photofinish([...args, '--resume', '--json']);
      expect([0, 4], resumed.stderr).toContain(resumed.code);
      expect(analysisOf(resumed.stdout).complete).toBe(true);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test('because it is missing ends with 3', async () => {
    const { code, stderr } = await photofinish(['quick', '--targets', 'node/cluster', '--out', '/nowhere/at/all']);
    expect(code).toBe(3);
    expect(stderr).toContain('E_RESULTS_NOT_WRITABLE');
  });
});

test('two runs never share a core: the second ends with 8 and names the first', { timeout: minutes(3) }, async () => {
  using results = new ResultsFolder();
  const args = ['quick', '--targets', 'node/cluster', '--blocks', '1', '--out', results.path];
  const first = start(args);
  await first.printed('Measuring');
  const second = await photofinish(args);
  expect(second.code).toBe(8);
  expect(second.stderr).toMatch(/held by another run.*\d{8}T\d{6}Z-[0-9a-f]{6}/);
  first.child.kill('SIGTERM');
  expect((await first.ended).code).toBe(143);
});

describe('serve', () => {
  test('prints its address as the first line, answers, and ends with Ctrl-C', { timeout: minutes(2) }, async () => {
    const server = start(['serve', 'node/async-await', '--threads', '8']);
    await server.printed('http://127.0.0.1:');
    await server.printed('Ctrl-C');
    server.child.kill('SIGINT');
    const { code, stdout } = await server.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
  });

  test('says that a port is taken by what the server printed', { timeout: minutes(2) }, async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const address = holder.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    const { code, stderr } = await photofinish(['serve', 'node/async-await', '--port', String(port)]);
    holder.close();
    expect(code).toBe(4);
    expect(stderr).toMatch(/EADDRINUSE|in use|taken/);
  });
});
