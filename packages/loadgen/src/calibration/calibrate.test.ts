import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { builtCore, needNativeCore } from '../test-kit/native.ts';
import { calibrate } from './calibrate.ts';
import { exercises } from './exercise.ts';
import { startCalibrationServer } from './fixture-server.ts';

beforeEach(needNativeCore);

const never = new AbortController().signal;

async function anyCore(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  return Number(/^Cpus_allowed_list:\s+(\d+)/m.exec(status)?.[1] ?? 0);
}

describe('a calibration with the native core', () => {
  test('drives each exercise in turn and answers every request rightly, however fast the host is', async () => {
    const core = await anyCore();
    const short = exercises({ share: 0.1 }).filter(({ mode }) => !mode.startsWith('stall'));
    const told: string[] = [];
    const place = { generatorCore: core, serverCore: core };
    const readings = await calibrate(builtCore, short, place, ({ mode }) => told.push(mode), never);
    expect(told).toEqual(short.map(({ mode }) => mode));
    for (const mode of told) {
      const answered = readings.find((reading) => reading.mode === mode && reading.quantity === 'answered');
      expect(answered, mode).toMatchObject({ measured: 1, passed: true });
    }
    for (const { truth, measured, error } of readings)
      if (truth !== null && measured !== null) expect(error).toBeCloseTo(measured - truth, 12);
  });

  test('rejects with the reason of the signal', async () => {
    const stop = calibrate(
      builtCore,
      exercises({ share: 0.1 }),
      { generatorCore: 0, serverCore: 0 },
      () => {},
      AbortSignal.abort(new Error('stop')),
    );
    await expect(stop).rejects.toThrow('stop');
  });

  test('names the fixture that did not listen', async () => {
    await expect(startCalibrationServer(builtCore, ['nothing'])).rejects.toMatchObject({
      code: 'E_FIXTURE_FAILED',
      given: expect.stringContaining('nothing'),
    });
  });
});
