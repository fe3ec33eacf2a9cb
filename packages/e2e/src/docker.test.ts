import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Analysis } from '@photofinish/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Inspected, inspected, meddle, remainsOf, runningContainers, withoutEngine } from './containers.ts';
import { type Ended, photofinish, ResultsFolder, start } from './harness.ts';
import { recordsOf } from './records.ts';

const reason = withoutEngine();
const minutes = (count: number) => count * 60_000;
const analysisOf = (stdout: string) => Analysis.parse((JSON.parse(stdout) as { analysis: unknown }).analysis);
const tour = ['quick', '--engine', 'docker', '--targets', 'node/cluster', '--blocks', '1', '--seed', '7'];

async function until<T>(look: () => T | null, seconds: number): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const seen = look();
    if (seen !== null) return seen;
    if (performance.now() > deadline) throw new Error('it did not come to pass in time');
    await delay(50);
  }
}

beforeAll(async () => {
  if (reason !== null) return;
  const built = await photofinish(['build']);
  if (built.code !== 0) throw new Error(`photofinish build ended with ${built.code}\n${built.stdout}${built.stderr}`);
}, minutes(25));

describe('servers in containers', () => {
  beforeEach((context) => {
    if (reason !== null) context.skip(reason);
  });

  test('what is built is not built again', { timeout: minutes(2) }, async () => {
    const { code, stdout, stderr } = await photofinish(['build', '--json']);
    expect(code, stderr).toBe(0);
    const { images } = JSON.parse(stdout) as { images: { id: string; state: string }[] };
    expect(images.map(({ id }) => id)).toEqual(expect.arrayContaining(['go', 'java', 'native', 'node', 'python']));
    expect(new Set(images.map(({ state }) => state))).toEqual(new Set(['unchanged']));
  });

  test('follow the contract as local ones do', { timeout: minutes(10) }, async () => {
    const { code, stdout, stderr } = await photofinish(['check', '--all', '--engine', 'docker', '--seed', '4']);
    const failures = stdout.split('\n').filter((line) => /FAIL|expected|given|not-run/.test(line));
    expect(code, [...failures, stderr.slice(-1000)].join('\n')).toBe(0);
    expect(remainsOf()).toEqual([]);
  });

  describe('a run', () => {
    const results = new ResultsFolder();
    const profiles: Inspected[] = [];
    let ended: Ended;

    beforeAll(async () => {
      if (reason !== null) return;
      const run = start([...tour, '--out', results.path, '--json']);
      const seen = new Set<string>();
      const ticker = setInterval(() => {
        for (const id of runningContainers('server').filter((one) => !seen.has(one))) {
          seen.add(id);
          const container = inspected(id);
          if (container !== null) profiles.push(container);
        }
      }, 300);
      ended = await run.ended;
      clearInterval(ticker);
    }, minutes(5));
    afterAll(() => results[Symbol.dispose]());

    test('ends with a verdict and leaves nothing at the engine', () => {
      expect([0, 4], ended.stderr).toContain(ended.code);
      expect(analysisOf(ended.stdout).complete).toBe(true);
      expect(remainsOf()).toEqual([]);
    });

    test('gives every server the same hardened profile, key by key', () => {
      expect(profiles.length).toBeGreaterThanOrEqual(9);
      for (const { Config, HostConfig, Mounts } of profiles) {
        expect(HostConfig).toMatchObject({
          ReadonlyRootfs: true,
          CapDrop: ['ALL'],
          Privileged: false,
          SecurityOpt: ['no-new-privileges'],
          Memory: 2 * 2 ** 30,
          MemorySwap: 2 * 2 ** 30,
          PidsLimit: 4096,
          Init: true,
          AutoRemove: false,
          RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
          PortBindings: {},
          PidMode: '',
          Devices: [],
        });
        expect([HostConfig.CapAdd ?? [], HostConfig.Binds ?? []]).toEqual([[], []]);
        expect(HostConfig.NetworkMode).not.toBe('host');
        expect(String(HostConfig.CpusetCpus)).toMatch(/^\d/);
        expect(HostConfig.Ulimits).toEqual(
          expect.arrayContaining([
            { Name: 'nofile', Soft: 16_384, Hard: 16_384 },
            { Name: 'core', Soft: 0, Hard: 0 },
          ]),
        );
        expect(HostConfig.LogConfig).toMatchObject({ Type: 'local' });
        expect(Config.User).toBe('65532:65532');
        expect(Mounts.filter((mount) => (mount as { Type: string }).Type !== 'tmpfs')).toEqual([]);
      }
    });

    test('keeps the books of the control group in its records', () => {
      const measured = recordsOf(results.run).filter((record) => record.state === 'ok');
      expect(measured.length).toBeGreaterThan(0);
      for (const { resources } of measured) {
        expect(resources.source).toMatch(/^cgroup-v[12]$/);
        expect(resources.cpuUserSeconds + resources.cpuSystemSeconds).toBeGreaterThan(0);
        expect(resources.group?.workingSetBytes).toBeGreaterThan(1e6);
        expect(resources.group?.receivedBytes).toBeGreaterThan(0);
      }
    });

    test('names engine, network and limits in plan and environment', () => {
      const plan = JSON.parse(readFileSync(join(results.run, 'plan.json'), 'utf8')) as Record<string, unknown>;
      const environment = JSON.parse(readFileSync(join(results.run, 'environment.json'), 'utf8')) as Record<
        string,
        unknown
      >;
      expect(plan).toMatchObject({
        engine: 'docker',
        placement: { network: 'bridge', topology: 'same-host', limits: { pids: 4096 } },
      });
      expect(environment).toMatchObject({ engine: { id: 'docker' } });
    });
  });

  test('a container removed by somebody else makes the trial invalid, and the run goes on', {
    timeout: minutes(5),
  }, async () => {
    using results = new ResultsFolder();
    const run = start([...tour, '--out', results.path, '--json']);
    await run.printed('[1/9]');
    const victim = await until(() => runningContainers('server')[0] ?? null, 60);
    await delay(1200);
    meddle('rm', '--force', victim);
    const { code, stdout, stderr } = await run.ended;
    expect([0, 4], stderr).toContain(code);
    expect(analysisOf(stdout).complete).toBe(true);
    expect(recordsOf(results.run)).toContainEqual(
      expect.objectContaining({ state: 'invalid', cause: 'container-lost', attempt: 1 }),
    );
    expect(remainsOf()).toEqual([]);
  });

  test('kill -9 of the harness leaves nothing after five seconds, and the run goes on from there', {
    timeout: minutes(8),
  }, async () => {
    for (const moment of [0.2, 1.1, 2.3, 3.7, 5.2].map((second) => second + Math.random())) {
      using results = new ResultsFolder();
      const run = start([...tour, '--out', results.path]);
      await run.printed('[1/9]');
      await delay(moment * 1000);
      run.child.kill('SIGKILL');
      await run.ended;
      await delay(5000);
      expect(remainsOf(basename(results.run)), `killed after ${moment} s`).toEqual([]);
    }
    using results = new ResultsFolder();
    const run = start([...tour, '--out', results.path]);
    await run.printed('[3/9]');
    run.child.kill('SIGKILL');
    await run.ended;
    const finished = recordsOf(results.run).length;
    expect(finished).toBeGreaterThanOrEqual(2);
    const resumed = await photofinish([...tour, '--out', results.path, '--resume', '--json']);
    expect([0, 4], resumed.stderr).toContain(resumed.code);
    expect(analysisOf(resumed.stdout).complete).toBe(true);
    expect(recordsOf(results.run).length).toBeGreaterThan(finished);
  });

  test('two runs never share a core: the second ends with 8 and names the first, or waits when told to', {
    timeout: minutes(6),
  }, async () => {
    using results = new ResultsFolder();
    const first = start([...tour, '--out', results.path]);
    await first.printed('[1/9]');
    const second = await photofinish([...tour, '--out', results.path]);
    expect(second.code, second.stderr).toBe(8);
    expect(second.stderr).toMatch(/held by another run.*\d{8}T\d{6}Z-[0-9a-f]{6}/);
    const local = await photofinish(['quick', '--targets', 'node/cluster', '--blocks', '1', '--out', results.path]);
    expect(local.code, local.stderr).toBe(8);
    const patient = start([...tour, '--out', results.path, '--wait', '120']);
    await patient.printed('Waiting for it');
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(143);
    await patient.printed('[1/9]');
    patient.child.kill('SIGINT');
    expect((await patient.ended).code).toBe(130);
    expect(remainsOf()).toEqual([]);
  });

  test('an image that changed since the plan is refused with 3', { timeout: minutes(3) }, async () => {
    using results = new ResultsFolder();
    const run = start([...tour, '--out', results.path]);
    await run.printed('[1/9]');
    run.child.kill('SIGINT');
    await run.ended;
    const [reference = ''] = (
      JSON.parse(readFileSync(join(results.run, 'plan.json'), 'utf8')) as {
        targets: { image: { reference: string } }[];
      }
    ).targets.map(({ image }) => image.reference);
    const other = reference.replace('node:', 'other:');
    meddle('tag', reference, other);
    meddle('rmi', reference);
    meddle('tag', 'debian:trixie-slim', reference);
    try {
      const { code, stderr } = await photofinish([...tour, '--out', results.path, '--resume']);
      expect(code, stderr).toBe(3);
      expect(stderr).toContain('E_IMAGE_CHANGED');
    } finally {
      meddle('rmi', reference);
      meddle('tag', other, reference);
      meddle('rmi', other);
    }
  });
});

test('an engine that does not answer is refused with 3 and what starts it', async () => {
  const { code, stderr } = await photofinish([...tour], { DOCKER_HOST: 'unix:///nowhere/docker.sock' });
  expect(code).toBe(3);
  expect(stderr).toContain('E_ENGINE_UNREACHABLE');
  expect(stderr).not.toMatch(/^\s+at /m);
});
