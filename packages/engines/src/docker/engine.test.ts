import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EnvironmentError } from '@photofinish/schema';
import { afterEach, describe, expect, test } from 'vitest';
import type { ContainerLaunch } from '../engine.ts';
import { describeEngine } from '../test-kit/kit.ts';
import { containerBench } from './fixtures/bench.ts';
import { objectsOf } from './fixtures/test-image.ts';

const { client, runId, imageId, engine, spec, start, ask, container, expectNothingLeft } = await containerBench();

describeEngine('docker', async () => ({
  engine: engine(),
  good: spec('good'),
  silent: spec('silent'),
  crashing: spec('crashing'),
  stubborn: spec('stubborn'),
}));

describe('the engine docker', () => {
  afterEach(async () => {
    await expectNothingLeft();
  });

  test.each(['bridge', 'published', 'host'] as const)('reaches a server by the path %s', async (network) => {
    await using server = await start(spec('good', network));
    expect(await ask(server, '/health')).toBe('ok');
    expect(await server.limitDifferences()).toEqual([]);
    expect(server.port === 8080).toBe(network === 'bridge');
  });

  test('gives a server its own environment', async () => {
    await using server = await start({
      ...spec('good'),
      environment: { ...spec('good').environment, GREETING: 'hello' },
    });
    const environment = JSON.parse(await ask(server, '/environment')) as Record<string, string>;
    expect(environment).toMatchObject({ GREETING: 'hello', PORT: '8080' });
  });

  test('names as pid the supervisor, whose descendants are the server', async () => {
    await using server = await start(spec('good'));
    const { descendants } = await import('../local/fixtures/descendants.ts');
    expect(await descendants(server.pid ?? 0)).toHaveLength(1);
  });

  test('says what was changed behind its back', async () => {
    await using server = await start(spec('good'));
    await container(server).update({ CpusetCpus: '0-1', PidsLimit: 63 });
    const differences = await server.limitDifferences();
    expect(differences).toContain('HostConfig.CpusetCpus is "0-1", not "0"');
    expect(differences).toContain('the kernel has cpuset.cpus 0-1, not 0');
    expect(differences).toContain('the kernel has pids.max 63, not 64');
    expect(differences.filter((words) => /^process \d+ may use cores 0,1, not 0$/.test(words)).length).toBeGreaterThan(
      1,
    );
  });

  test('keeps the last 64 KiB that a server printed', async () => {
    const server = await start(spec('wordy'));
    const { lastWords } = await server.stop();
    expect(lastWords).toHaveLength(65_536);
    expect(lastWords).toMatch(/and no more\n$/);
  });

  test.each(['bridge', 'published', 'host'] as const)(
    'refuses a server whose first line is not its port, on the path %s',
    async (network) => {
      await expect(start(spec('chatty', network))).rejects.toMatchObject({
        failure: 'never-healthy',
        lastWords: expect.stringContaining('hello'),
      });
    },
  );

  test('takes a server that answers before it announced itself for one that still starts', async () => {
    const server = await start(spec('hesitant'));
    expect(server.timeToReady).toBeGreaterThan(1);
    expect(await server.stop()).toMatchObject({ exit: { code: 0 }, forced: false });
  });

  test('refuses an image that is not there, and says how to make it', async () => {
    const launch = { ...spec('good').launch, image: `sha256:${'0'.repeat(64)}` } as ContainerLaunch;
    const error = (await start({ ...spec('good'), launch }).catch((caught: unknown) => caught)) as EnvironmentError;
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error).toMatchObject({ code: 'E_IMAGE_MISSING', remedy: expect.stringContaining('photofinish build') });
  });

  test('refuses cores that the host does not have', async () => {
    await expect(start({ ...spec('good'), cores: [4095] })).rejects.toMatchObject({ code: 'E_CORES_ABSENT' });
  });

  test('says of a command that the image does not have what the supervisor says', async () => {
    const launch = { ...spec('good').launch, command: ['/not/there'] } as ContainerLaunch;
    await expect(start({ ...spec('good'), launch })).rejects.toMatchObject({
      failure: 'crashed',
      exit: { code: 127 },
      lastWords: expect.stringContaining('/not/there'),
    });
  });

  test.each([0, 20, 60, 120, 200, 300])('leaves nothing of a start aborted after %i ms', async (milliseconds) => {
    const abort = new AbortController();
    const started = engine()
      .start(spec('silent'), abort.signal)
      .catch((caught: unknown) => caught);
    await delay(milliseconds);
    abort.abort(new Error('enough'));
    expect(await started).toMatchObject({ message: 'enough' });
  });

  test('leaves containers and networks alone that only look like its own', async () => {
    const label = { 'dev.photofinish.run': 'another', 'dev.photofinish.kind': 'server' };
    const name = `photofinish-${runId.toLowerCase()}-foreign`;
    const network = await client.createNetwork({ Name: name, Labels: label });
    const foreign = await client.createContainer({ name, Image: imageId(), Cmd: ['/not/started'], Labels: label });
    try {
      await (await start(spec('good'))).stop();
      await start(spec('crashing')).catch(() => {});
      expect((await foreign.inspect()).Id).toBe(foreign.id);
      expect((await network.inspect()).Name).toBe(name);
    } finally {
      await foreign.remove();
      await network.remove();
    }
  });

  test.each([
    ['a server ends', false],
    ['a server, its container and its network are gone', true],
  ])('%s within 5 s when the harness is killed, with a janitor: %s', async (_, janitor) => {
    const fixture = join(import.meta.dirname, 'fixtures', 'server-holder.ts');
    const words = [fixture, runId, String(janitor), JSON.stringify(spec('good'))];
    const harness = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const id = await new Promise<string>((resolve) => harness.stdout.once('data', (chunk) => resolve(String(chunk))));
    const held = client.getContainer(id.trim());
    const { NetworkSettings } = await held.inspect();
    const ended = held.wait();
    harness.kill('SIGKILL');
    const killedAt = performance.now();
    expect(await Promise.race([ended, delay(5000, 'still there')])).toMatchObject({ StatusCode: 137 });
    if (janitor) {
      while ((await objectsOf(client, runId)).length > 0 && performance.now() < killedAt + 5000) await delay(50);
      return;
    }
    await held.remove();
    for (const name of Object.keys(NetworkSettings.Networks)) await client.getNetwork(name).remove();
  });
});
