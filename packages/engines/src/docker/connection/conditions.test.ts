import { Condition, EnvironmentError } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { type EngineSurroundings, judgeEngine, unreachableCondition } from './conditions.ts';
import type { EngineDescription } from './description.ts';

/** What Docker 20.10.24 on a machine with control groups version 2 says of itself. */
const good: EngineDescription = {
  name: 'Docker',
  version: '20.10.24',
  apiVersion: '1.41',
  kernel: '6.1.0-18-amd64',
  memoryBytes: 16e9,
  cores: 8,
  cgroupDriver: 'systemd',
  cgroupVersion: '2',
  rootless: false,
  securityOptions: ['name=seccomp,profile=default', 'name=cgroupns'],
  storageDriver: 'overlay2',
  dataRoot: '/var/lib/docker',
  cpuset: true,
  memoryLimit: true,
  swapLimit: true,
  pidsLimit: true,
};
const here: EngineSurroundings = { way: 'socket', local: true, freeBytes: 100e9, roundTripSeconds: null };
const afar: EngineSurroundings = { way: 'tls', local: false, freeBytes: null, roundTripSeconds: 0.0002 };

const rootless = { rootless: true, securityOptions: ['name=seccomp,profile=default', 'name=rootless'] };

describe('the conditions of a container engine', () => {
  test('are all in order on a machine that has everything', () => {
    const judged = judgeEngine(good, here);
    expect(judged.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(judged.length).toBeGreaterThanOrEqual(12);
    for (const condition of judged) expect(Condition.parse(condition)).toEqual(condition);
  });

  test.each<[string, Partial<EngineDescription>, Partial<EngineSurroundings>, string, string, RegExp]>([
    ['an old API', { apiVersion: '1.40' }, {}, 'engine-version', 'refusal', /20\.10/],
    ['an API of another major version is not old', { apiVersion: '2.0' }, {}, 'engine-version', 'ok', /^$/],
    ['control groups version 1', { cgroupVersion: '1' }, {}, 'engine-cgroup', 'warning', /unified_cgroup_hierarchy/],
    [
      'a version of control groups that is not told',
      { cgroupVersion: 'unknown' },
      {},
      'engine-cgroup',
      'warning',
      /Update/,
    ],
    ['no control groups', { ...rootless, cgroupDriver: 'none' }, {}, 'engine-cgroup', 'refusal', /Delegate=cpu cpuset/],
    ['no cpuset without root', { ...rootless, cpuset: false }, {}, 'engine-cpuset', 'refusal', /Delegate=cpu cpuset/],
    ['no cpuset of root', { cpuset: false }, {}, 'engine-cpuset', 'refusal', /subtree_control/],
    ['no cpuset in version 1', { cpuset: false, cgroupVersion: '1' }, {}, 'engine-cpuset', 'refusal', /^Mount/],
    ['no memory limit', { memoryLimit: false }, {}, 'engine-memory', 'refusal', /subtree_control/],
    ['no pids limit', { pidsLimit: false }, {}, 'engine-pids', 'refusal', /subtree_control/],
    ['no swap limit', { swapLimit: false }, {}, 'engine-swap', 'refusal', /swapaccount=1/],
    ['an engine without root', rootless, {}, 'engine-rootless', 'warning', /an engine of root for figures/],
    ['no filter', { securityOptions: [] }, {}, 'engine-seccomp', 'warning', /seccomp/],
    [
      'an open filter',
      { securityOptions: ['name=seccomp,profile=unconfined'] },
      {},
      'engine-seccomp',
      'warning',
      /seccomp/,
    ],
    ['little disk', {}, { freeBytes: 5e9 }, 'engine-disk', 'warning', /docker system df/],
    ['hardly any disk', {}, { freeBytes: 5e8 }, 'engine-disk', 'refusal', /docker system df/],
    ['a disk elsewhere', {}, afar, 'engine-disk', 'warning', /df -h/],
    ['copying storage', { storageDriver: 'vfs' }, {}, 'engine-storage', 'warning', /overlay2/],
    ['a short way', {}, afar, 'engine-round-trip', 'ok', /^$/],
    ['a long way', {}, { ...afar, roundTripSeconds: 0.02 }, 'engine-round-trip', 'warning', /rack/],
    ['a way that is not known', {}, { ...afar, roundTripSeconds: null }, 'engine-round-trip', 'warning', /port/],
    ['a socket of elsewhere', {}, { local: false, freeBytes: null }, 'engine-reachable', 'warning', /ssh/],
  ])('with %s', (_, engine, around, id, level, remedy) => {
    const found = judgeEngine({ ...good, ...engine }, { ...here, ...around }).find((condition) => condition.id === id);
    expect(found).toMatchObject({ level });
    expect(found?.remedy).toMatch(remedy);
    expect(found?.effect === '').toBe(level === 'ok');
  });

  test('are one refusal when the engine cannot be reached', () => {
    const error = new EnvironmentError('E_ENGINE_UNREACHABLE', { what: 'There is no engine.', remedy: 'Start it.' });
    expect(unreachableCondition(error)).toMatchObject({
      level: 'refusal',
      found: 'There is no engine.',
      remedy: 'Start it.',
    });
  });
});
