import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeHistogram, quantileSeconds, seconds } from '@photofinish/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeGenerator, shortJob, silent } from '../test-kit/kit.ts';
import { builtCore, type FixtureServer, needNativeCore, startFixture } from '../test-kit/native.ts';
import type { NativeCore } from './core.ts';
import { nativeGenerator } from './generator.ts';

const never = new AbortController().signal;
const generator = nativeGenerator(builtCore);
const at = (port: number) => ({ host: '127.0.0.1', port });

describe('with the native core', () => {
  let shared: FixtureServer | undefined;
  beforeEach(needNativeCore);
  afterAll(async () => await shared?.kill());

  describeGenerator('native', async () => {
    shared ??= await startFixture('--mode', 'null');
    return { generator, address: at(shared.port) };
  });

  test('measures a known delay: no response is faster than it', async () => {
    await using server = await startFixture('--mode', 'delay', '--ms', '15');
    const result = await generator.drive(shortJob(at(server.port)), silent, never);
    const [one] = result.classes;
    expect(one?.responseTime.minimumSeconds).toBeGreaterThanOrEqual(0.015);
    expect(quantileSeconds(decodeHistogram(one?.responseTime.histogram ?? ''), 0.5)).toBeGreaterThanOrEqual(0.015);
    expect(one?.bodiesCompared).toBeGreaterThan(0);
  });

  test('counts a server that is killed in the window as errors, and comes to an end', async () => {
    const server = await startFixture('--mode', 'null');
    const hooks = { onWarm: async () => void setTimeout(() => void server.kill(), 50), onWindowEnd: async () => {} };
    const result = await generator.drive(shortJob(at(server.port)), hooks, never);
    const [one] = result.classes;
    expect(one?.answered).toBeGreaterThan(0);
    expect(one?.errors.connect).toBeGreaterThan(0);
  });

  test('counts wrong bodies as errors of the body', async () => {
    await using server = await startFixture('--mode', 'faulty', '--fault', 'wrong-body', '--every', '2');
    const [one] = (await generator.drive(shortJob(at(server.port)), silent, never)).classes;
    expect(one?.errors.body).toBeGreaterThan(0);
    expect(one?.errorTime.count).toBe(one?.errors.body);
  });

  test('names the field of a job that it refuses', async () => {
    const job = shortJob(at(80), { timeoutSeconds: seconds(0) });
    const refusal = expect(generator.drive(job, silent, never)).rejects;
    await refusal.toMatchObject({ code: 'E_JOB', kind: 'usage', what: expect.stringContaining('timeoutSeconds') });
  });

  test('says what the machine lacks', async () => {
    const job = shortJob(at(80), { cores: [1000] });
    await expect(generator.drive(job, silent, never)).rejects.toMatchObject({ code: 'E_CORE', kind: 'environment' });
  });
});

describe('a core that fails', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'photofinish-core-'));
  });
  afterAll(async () => await rm(folder, { recursive: true }));

  async function coreThat(script: string): Promise<NativeCore> {
    const path = join(folder, 'core');
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return { path, version: '0.0.0', origin: 'variable' };
  }

  test.for([
    ['ends without a word', 'read job; exit 0', 'code 0'],
    ['ends at once', 'exit 5', 'exit code 5'],
    ['dies', 'read job; echo boom >&2; kill -9 $$', 'boom'],
    ['prints nonsense', 'read job; echo hello', 'hello'],
    [
      'prints a result that is none',
      `read job; echo '{"event":"result","result":{"schemaVersion":1}}'`,
      'not one of its events',
    ],
    ['is not there', '', 'ENOENT'],
  ] as const)('ends the drive with E_GENERATOR_FAILED when it %s', async ([, script, given]) => {
    const core = script === '' ? { ...(await coreThat('')), path: join(folder, 'absent') } : await coreThat(script);
    const drive = nativeGenerator(core).drive(shortJob(at(80)), silent, never);
    await expect(drive).rejects.toMatchObject({ code: 'E_GENERATOR_FAILED', given: expect.stringContaining(given) });
  });

  test('is killed when the drive is aborted', async () => {
    const controller = new AbortController();
    const core = await coreThat(`read job; echo '{"event":"warm"}'; exec sleep 300`);
    const hooks = { onWarm: async () => controller.abort(new Error('enough')), onWindowEnd: async () => {} };
    const drive = nativeGenerator(core).drive(shortJob(at(80)), hooks, controller.signal);
    await expect(drive).rejects.toThrow('enough');
  });
});
