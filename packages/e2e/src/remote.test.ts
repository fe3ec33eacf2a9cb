import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type SecondDaemon, secondDaemonLack, startSecondDaemon, testAuthority } from '@photofinish/engines/test-kit';
import { Analysis, type Environment, type Plan } from '@photofinish/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { remainsOf, withoutEngine } from './containers.ts';
import { photofinish, ResultsFolder, start } from './harness.ts';
import { recordsOf } from './records.ts';

const lack = withoutEngine() ?? (await secondDaemonLack());
const minutes = (count: number) => count * 60_000;
const analysisOf = (stdout: string) => Analysis.parse((JSON.parse(stdout) as { analysis: unknown }).analysis);
const tour = ['quick', '--engine', 'docker', '--targets', 'node/cluster', '--blocks', '1', '--seed', '7'];

describe('a container engine of another machine, reached over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'photofinish-remote-'));
  let daemon: SecondDaemon;
  let environment: Record<string, string>;

  beforeAll(async () => {
    if (lack !== null) return;
    const built = await photofinish(['build', 'node', 'native']);
    if (built.code !== 0) throw new Error(`photofinish build ended with ${built.code}\n${built.stdout}${built.stderr}`);
    const authority = await testAuthority(join(folder, 'authority'));
    const certificates = (address: string) => authority.issue('server', { use: 'server', names: [address] });
    daemon = await startSecondDaemon({ certificates });
    environment = {
      DOCKER_HOST: `tcp://${daemon.address}:2376`,
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: await authority.issue('client', { use: 'client' }),
    };
  }, minutes(12));

  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  }, minutes(2));

  beforeEach((context) => {
    if (lack !== null) context.skip(lack);
  });

  test('is judged by doctor, its round trip among the rest', { timeout: minutes(1) }, async () => {
    const { stdout } = await photofinish(['doctor', '--engine', 'docker'], environment);
    expect(stdout).toMatch(/Container engine: .*TLS/i);
    expect(stdout).toMatch(/Round trip to the engine: [\d.]+/);
  });

  test('is measured: images are sent, load comes from here, the engine keeps the books', {
    timeout: minutes(6),
  }, async () => {
    using results = new ResultsFolder();
    const { code, stdout, stderr } = await photofinish([...tour, '--out', results.path, '--json'], environment);
    expect([0, 4], stderr).toContain(code);
    expect(analysisOf(stdout).complete).toBe(true);
    const plan = JSON.parse(readFileSync(join(results.run, 'plan.json'), 'utf8')) as Plan;
    expect(plan.placement).toMatchObject({ network: 'published', topology: 'two-host' });
    expect(plan.loadCores).not.toBeNull();
    const account = (JSON.parse(readFileSync(join(results.run, 'environment.json'), 'utf8')) as Environment).engine;
    expect(account.roundTripSeconds).toBeGreaterThan(0);
    const measured = recordsOf(results.run).filter((record) => record.state === 'ok');
    expect(measured.length).toBeGreaterThan(0);
    for (const { resources } of measured) {
      expect(resources.source).toBe('engine-stats');
      expect(resources.cpuUserSeconds).toBeGreaterThan(0);
      expect(resources.voluntarySwitches).toBeNull();
    }
    expect(remainsOf(undefined, daemon.socket)).toEqual([]);
  });

  test('that is killed ends the run with 9, and the run goes on once it is back', { timeout: minutes(8) }, async () => {
    using results = new ResultsFolder();
    const run = start([...tour, '--out', results.path], environment);
    await run.printed('[2/9]');
    await delay(1500);
    await daemon.signal('SIGKILL');
    const { code, stderr } = await run.ended;
    expect(code, stderr).toBe(9);
    expect(stderr).toContain('--resume');
    const causes = recordsOf(results.run).flatMap((record) => ('cause' in record ? [record.cause] : []));
    expect(causes, stderr).toContain('daemon-restart');
    await daemon.start();
    const resumed = await photofinish([...tour, '--out', results.path, '--resume', '--json'], environment);
    expect([0, 4], resumed.stderr).toContain(resumed.code);
    expect(analysisOf(resumed.stdout).complete).toBe(true);
    expect(remainsOf(undefined, daemon.socket)).toEqual([]);
  });
});
