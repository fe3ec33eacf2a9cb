import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { builtCore, needNativeCore } from '../test-kit/native.ts';
import { readSpeed, startMetering } from './speed.ts';

beforeEach(needNativeCore);

/** A core this process may use. */
async function someCore(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  return Number(/^Cpus_allowed_list:\s+(\d+)/m.exec(status)?.[1] ?? 0);
}

describe('the speed of a core', () => {
  test('is read beside a measurement until it is finished, and takes little of it', async () => {
    const core = await someCore();
    using metering = startMetering(builtCore, [core]);
    await setTimeout(400);
    const { canary, cores } = await metering.finish();
    expect(canary).toMatch(/^interpreter-\d+$/);
    expect(cores).toHaveLength(1);
    expect(cores[0]).toMatchObject({ core });
    expect(cores[0]?.meanSeconds).toBeGreaterThan(0);
    // The first burst comes at once, without the gap that keeps the share.
    expect(cores[0]?.share).toBeLessThan(0.02);
  });

  test('is read of the same work while the core is idle', async () => {
    const core = await someCore();
    const { canary, cores } = await readSpeed(builtCore, [core], 0.02);
    using metering = startMetering(builtCore, [core]);
    expect((await metering.finish()).canary).toBe(canary);
    expect(cores[0]?.seconds[0]?.bursts).toBeGreaterThan(1);
  });

  test('is read of as many operations as are asked for, beside a measurement and on an idle core', async () => {
    const core = await someCore();
    expect((await readSpeed(builtCore, [core], 0.02, 2000)).canary).toBe('interpreter-2000');
    using metering = startMetering(builtCore, [core], 2000);
    expect((await metering.finish()).canary).toBe('interpreter-2000');
  });

  test('of a core that is not there is refused by name', async () => {
    const refusal = { code: 'E_INSTRUMENT', kind: 'environment', given: expect.stringContaining('1000') };
    await expect(readSpeed(builtCore, [1000], 0.01)).rejects.toMatchObject(refusal);
    using metering = startMetering(builtCore, [1000]);
    await expect(metering.finish()).rejects.toMatchObject(refusal);
  });
});
