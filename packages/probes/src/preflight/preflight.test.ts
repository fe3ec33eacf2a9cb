import type { Host } from '@photofinish/schema';
import { Host as HostSchema } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { judgeHost, shapeOnlyReasons } from './conditions.ts';
import { parseCoreList } from './core-list.ts';
import { hostKeyOf, readHost } from './host.ts';

const host = (changes: Partial<Host> = {}): Host => ({
  cpuVendor: 'AuthenticAMD',
  cpuModel: 'AMD EPYC',
  logicalCores: 16,
  physicalCores: 8,
  allowedCores: Array.from({ length: 16 }, (_, core) => core),
  smtActive: true,
  virtualisation: null,
  architecture: 'x64',
  kernel: '6.18.0',
  operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  memoryBytes: 64e9,
  cgroupVersion: 'v2',
  governor: 'performance',
  clockSource: 'tsc',
  fileDescriptorLimit: 1_048_576,
  loadAverage: 0.1,
  ...changes,
});

const calm = [{ core: 0, maximumSeconds: 0.0001, lostShare: 0.0005 }];
const noisy = [{ core: 0, maximumSeconds: 0.008, lostShare: 0.13 }];
const needs = { connections: 256, cores: [0, 1] };
const levels = (changes: Partial<Host>, hiccups = calm) =>
  Object.fromEntries(judgeHost(host(changes), needs, hiccups).map(({ id, level }) => [id, level]));

describe('judgeHost', () => {
  test('finds nothing wrong with a calm machine of eight cores', () => {
    expect(Object.values(levels({})).every((level) => level === 'ok')).toBe(true);
  });

  test.each<[string, Partial<Host>, string, string]>([
    ['too few file descriptors for the plan', { fileDescriptorLimit: 256 }, 'file-descriptors', 'refusal'],
    ['a core the process may not use', { allowedCores: [0] }, 'allowed-cores', 'refusal'],
    ['two physical cores', { physicalCores: 2, logicalCores: 2 }, 'physical-cores', 'warning'],
    ['a governor that follows the load', { governor: 'powersave' }, 'governor', 'warning'],
    ['a busy machine', { loadAverage: 9 }, 'load', 'warning'],
    ['a slow clock', { clockSource: 'hpet' }, 'clock-source', 'warning'],
  ])('names %s', (_what, changes, id, level) => {
    expect(levels(changes)[id]).toBe(level);
  });

  test('gives a remedy with everything that is not ok', () => {
    const all = judgeHost(
      host({
        fileDescriptorLimit: 1,
        allowedCores: [5],
        physicalCores: 1,
        governor: 'x',
        loadAverage: 99,
        clockSource: 'pit',
      }),
      needs,
      noisy,
    );
    expect(all.filter(({ level }) => level !== 'ok')).toHaveLength(7);
    for (const condition of all) expect(condition.remedy, condition.id).not.toBe('');
  });
});

describe('shapeOnlyReasons', () => {
  test.each([
    ['eight calm cores', 8, calm, 0],
    ['two cores', 2, calm, 1],
    ['noisy cores', 8, noisy, 1],
    ['two noisy cores', 2, noisy, 2],
  ])('gives its reasons for %s', (_what, physicalCores, hiccups, count) => {
    expect(shapeOnlyReasons(host({ physicalCores }), hiccups)).toHaveLength(count);
  });
});

describe('hostKeyOf', () => {
  test('differs by engine and kernel and not by load', () => {
    expect(hostKeyOf(host(), 'local')).toMatch(/^hk1-[0-9a-f]{16}$/);
    expect(hostKeyOf(host(), 'docker')).not.toBe(hostKeyOf(host(), 'local'));
    expect(hostKeyOf(host({ kernel: '6.19.0' }), 'local')).not.toBe(hostKeyOf(host(), 'local'));
    expect(hostKeyOf(host({ loadAverage: 7 }), 'local')).toBe(hostKeyOf(host(), 'local'));
  });
});

test('readHost describes this very machine by the schema', async () => {
  const here = await readHost();
  expect(HostSchema.parse(here)).toEqual(here);
  expect(here.allowedCores.length).toBeLessThanOrEqual(here.logicalCores);
});

test.each([
  ['0-2,5', [0, 1, 2, 5]],
  ['3', [3]],
  ['', []],
  ['2,0-1', [0, 1, 2]],
])('the core list %j means %j', (text, cores) => {
  expect(parseCoreList(text)).toEqual(cores);
});
