import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { builtCore, needNativeCore } from '../test-kit/native.ts';
import { confineProcess, measureHiccups, measureParallelCapacity } from './host.ts';

beforeEach(needNativeCore);

/** A core this process may use. */
async function someCore(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  return Number(/^Cpus_allowed_list:\s+(\d+)/m.exec(status)?.[1] ?? 0);
}

describe('the host as the native core sees it', () => {
  test('has hiccups on a core, in seconds and shares', async () => {
    const core = await someCore();
    const [reading, ...others] = await measureHiccups(builtCore, [core], 0.02);
    expect(others).toEqual([]);
    expect(reading).toMatchObject({ core });
    expect(reading?.maximumSeconds).toBeGreaterThan(0);
  });

  test('has a parallel capacity of about one on one core', async () => {
    const report = await measureParallelCapacity(builtCore, [await someCore()], 0.05);
    expect(report.cores).toBe(1);
    const [first = 0, second = 0] = report.aloneRate;
    expect(report.capacity).toBeCloseTo((report.togetherRates[0] ?? 0) / ((first + second) / 2));
  });

  test('confines another process', async (context) => {
    if (process.platform !== 'linux') context.skip('only Linux can pin a process');
    const child = spawn('sleep', ['60']);
    try {
      await once(child, 'spawn');
      const core = await someCore();
      await confineProcess(builtCore, child.pid ?? 0, [core]);
      expect(await readFile(`/proc/${child.pid}/status`, 'utf8')).toMatch(
        new RegExp(`^Cpus_allowed_list:\\s+${core}$`, 'm'),
      );
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('names a core that is not there', async () => {
    await expect(measureHiccups(builtCore, [1000], 0.01)).rejects.toMatchObject({
      code: 'E_INSTRUMENT',
      kind: 'environment',
      given: expect.stringContaining('1000'),
    });
  });
});
