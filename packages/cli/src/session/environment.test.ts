import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findExperiment } from '@photofinish/experiments';
import { hostKeyOf, readHost, readSurroundings, readTopology } from '@photofinish/probes';
import { makePlan } from '@photofinish/runner';
import { type PlannedTarget, seconds } from '@photofinish/schema';
import { readBootId } from '@photofinish/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeCalibration } from './calibration-file.ts';
import { environmentOf } from './environment.ts';

const target: PlannedTarget = {
  targetId: 'node/async-await',
  runtimeId: 'node',
  runtimeName: 'Node',
  modelTitle: 'async',
  colour: 'bluish-green',
  modelIndex: 0,
  hasThreadPool: false,
  warmupSeconds: seconds(1),
  image: null,
  toolchain: 'Node 26',
  absence: null,
};

const instrument = { core: { path: '', version: '0.1.0', origin: 'built' }, searches: new Map() } as const;

describe('the environment of a run', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'photofinish-environment-'));
    await writeFile(join(root, 'package.json'), '{"version":"0.1.0"}');
  });
  afterEach(async () => await rm(root, { recursive: true }));

  const host = readHost();

  async function environment(blocks: number) {
    const topology = await readTopology((await host).allowedCores);
    const plan = makePlan(findExperiment('quick'), {
      targets: [target],
      blocks,
      seed: 1,
      grantedCores: (await host).allowedCores,
      topology,
      loadCores: null,
      sweepCores: false,
      engine: 'local',
      placement: { network: 'loopback', topology: 'same-host', limits: null },
    });
    const account = {
      host: { ...(await host), fileDescriptorLimit: 1e6 },
      hiccups: [],
      topology,
      here: topology,
      surroundings: await readSurroundings(),
      engine: {
        id: 'local' as const,
        version: null,
        rootless: null,
        cgroupDriver: null,
        securityOptions: [],
        roundTripSeconds: null,
      },
      conditions: [],
    };
    return await environmentOf(root, 'run', plan, account, instrument, new Date());
  }

  async function calibrate(bootId: string) {
    await writeCalibration(root, {
      schemaVersion: 1,
      hostKey: hostKeyOf(await host, 'local'),
      takenAt: new Date().toISOString(),
      bootId,
      instrument: { version: '0.1.0' },
      seconds: 80,
      cores: { generator: 0, server: 1 },
      hiccups: [],
      passed: true,
      readings: [
        {
          mode: 'null-open',
          quantity: 'floor',
          unit: 'seconds',
          truth: null,
          measured: 0,
          error: null,
          limit: null,
          passed: true,
        },
      ],
    });
  }

  test('tells of a quick run that nothing was calibrated, and refuses a thorough one', async () => {
    expect((await environment(3)).calibration).toBeNull();
    await expect(environment(20)).rejects.toMatchObject({
      code: 'E_HOST_REFUSED',
      given: expect.stringContaining('Calibration of the load generator'),
      remedy: expect.stringContaining('photofinish calibrate'),
    });
  });

  test('holds the age of a calibration of this boot, with which a thorough run may begin', async () => {
    await calibrate(await readBootId());
    const { calibration } = await environment(20);
    expect(calibration).toMatchObject({ passed: true, isOfThisBoot: true, instrumentVersion: '0.1.0' });
  });

  test('does not let a thorough run rest on a calibration of an earlier boot', async () => {
    await calibrate('an earlier boot');
    await expect(environment(20)).rejects.toMatchObject({ given: expect.stringContaining('started since') });
    expect((await environment(3)).calibration).toMatchObject({ isOfThisBoot: false });
  });
});
