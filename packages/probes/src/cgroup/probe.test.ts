import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type ServerHandle, seconds, systemClock } from '@photofinish/schema';
import { afterEach, describe, expect, test } from 'vitest';
import type { ResourceUse } from '../probe.ts';
import { cgroupProbe } from './probe.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/cgroup');
const init = 29484;
const containerId = '2a6d0f61ab700410a4f9b0902d58c68bbe758d8053c0e68f6d85d2ea8cb108d1';
const server: ServerHandle = {
  host: '172.17.0.2',
  port: 8080,
  pid: init,
  containerId,
  cores: [1],
  timeToReady: seconds(0.3),
};

/** A clock on which the two edges lie two seconds apart. */
function edges(): Clock {
  let reading = 0;
  return { ...systemClock, now: () => seconds(2 * reading++) };
}

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

interface Host {
  readonly root: string;
  /** Moves the host on to the other edge. */
  moveOn(): void;
}

/** A copy of a captured host, the namespaces of harness and container apart unless told otherwise. */
function hostLike(name: string, namespace = 'net:[4026532184]'): Host {
  const root = mkdtempSync(join(tmpdir(), 'photofinish-cgroup-'));
  roots.push(root);
  const place = (edge: string) => {
    rmSync(join(root, 'proc'), { recursive: true, force: true });
    for (const part of ['processes', name]) cpSync(join(fixtures, part, edge), root, { recursive: true });
    for (const [who, of] of [
      ['self', 'net:[4026531833]'],
      [String(init), namespace],
    ] as const) {
      mkdirSync(join(root, 'proc', who, 'ns'), { recursive: true });
      symlinkSync(of, join(root, 'proc', who, 'ns/net'));
    }
  };
  place('first');
  return { root, moveOn: () => place('last') };
}

async function useOf(host: Host, handle = server): Promise<ResourceUse> {
  using reading = await cgroupProbe(edges(), host.root).start(handle);
  host.moveOn();
  return await reading.finish();
}

describe('the cgroup probe', () => {
  test.each([
    ['v1-beside-v2', 'cgroup-v1', 2.190331951 - 1.154226161],
    ['hybrid', 'cgroup-v1', 2.190331951 - 1.154226161],
    ['v2', 'cgroup-v2', 2.190331 - 1.154225],
  ])('reads the exact CPU time of the whole group on a host like %s', async (name, source, cpu) => {
    const use = await useOf(hostLike(name));
    expect(use.source).toBe(source);
    expect(use.cpuUserSeconds + use.cpuSystemSeconds).toBeCloseTo(cpu, 6);
    expect(use.cpuSystemSeconds).toBeGreaterThan(0);
    expect(use.intervalSeconds).toBe(2);
  });

  test.each([
    ['v1-beside-v2', (2310796 - 1204645) / 2e6],
    ['hybrid', null],
    ['v2', (2310796 - 1204645) / 2e6],
  ])(
    'says how long tasks waited for a core on a host like %s only where the kernel keeps it',
    async (name, pressure) => {
      const { group } = await useOf(hostLike(name));
      if (pressure === null) expect(group?.cpuPressure).toBeNull();
      else expect(group?.cpuPressure).toBeCloseTo(pressure, 9);
    },
  );

  test.each(['v1-beside-v2', 'hybrid', 'v2'])(
    'counts throttled periods in the window on a host like %s',
    async (name) => {
      const { group } = await useOf(hostLike(name));
      expect(group?.throttledPeriods).toBe(21);
      expect(group?.throttledSeconds).toBeCloseTo(1.0471, 3);
    },
  );

  test.each([
    ['v1-beside-v2', 1_183_744],
    ['hybrid', 1_183_744],
    ['v2', 1_183_744 - 53_248],
  ])('sets page cache that nobody uses apart on a host like %s', async (name, workingSet) => {
    expect((await useOf(hostLike(name))).group?.workingSetBytes).toBe(workingSet);
  });

  test('counts the kills of the window', async () => {
    expect((await useOf(hostLike('v2'))).group?.outOfMemoryKills).toBe(1);
    expect((await useOf(hostLike('v1-beside-v2'))).group?.outOfMemoryKills).toBe(0);
  });

  test('tells kernel stacks where the kernel does, and nothing where it does not', async () => {
    expect((await useOf(hostLike('v2'))).group?.kernelStackBytes).toBe(49_152);
    expect((await useOf(hostLike('v1-beside-v2'))).group?.kernelStackBytes).toBeNull();
  });

  test("counts the server's processes without the container's init and the supervisor", async () => {
    const use = await useOf(hostLike('v1-beside-v2'));
    expect(use.processes).toBe(2);
    expect(use.threads).toBe(2);
    expect(use.threadsPeak).toBe(3);
    expect(use.voluntarySwitches).toBeGreaterThan(0);
  });

  test('counts no network bytes where the server shares the network of the host', async () => {
    const apart = (await useOf(hostLike('v2'))).group;
    const shared = (await useOf(hostLike('v2', 'net:[4026531833]'))).group;
    expect(apart?.receivedBytes).not.toBeNull();
    expect([shared?.receivedBytes, shared?.sentBytes]).toEqual([null, null]);
  });

  test('leaves the peak unknown where it could not be set back and did not rise', async () => {
    const host = hostLike('v2');
    rmSync(join(host.root, 'sys'), { recursive: true });
    host.moveOn();
    const peak = join(host.root, `sys/fs/cgroup/system.slice/docker-${containerId}.scope/memory.peak`);
    rmSync(peak);
    using reading = await cgroupProbe(edges(), host.root).start(server);
    expect((await reading.finish()).group?.peakBytes).toBeNull();
  });

  test('reads the peak of the window where it could be set back', async () => {
    expect((await useOf(hostLike('v2'))).group?.peakBytes).toBe(4_345_856);
    expect((await useOf(hostLike('v1-beside-v2'))).group?.peakBytes).toBe(4_100_096);
  });
});

describe('the group of a container', () => {
  const scope = `machine.slice/libpod-${containerId}.scope`;

  test('is the one named after it, where its processes lie one level below', async () => {
    const host = hostLike('v2');
    const groups = join(host.root, 'sys/fs/cgroup');
    mkdirSync(join(groups, scope, 'container'), { recursive: true });
    cpSync(join(groups, `system.slice/docker-${containerId}.scope`), join(groups, scope), { recursive: true });
    writeFileSync(join(host.root, `proc/${init}/cgroup`), `0::/${scope}/container\n`);
    using reading = await cgroupProbe(edges(), host.root).start(server);
    expect((await reading.finish()).source).toBe('cgroup-v2');
  });

  test('lends no pressure from a version 2 group that it shares with others', async () => {
    const host = hostLike('v1-beside-v2');
    const own = join(host.root, `proc/${init}/cgroup`);
    const shared = readFileSync(own, 'latin1').replace(/^0::.*$/m, '0::/');
    writeFileSync(own, shared);
    writeFileSync(
      join(host.root, 'sys/fs/cgroup/unified/cpu.pressure'),
      'some avg10=0.00 avg60=0.00 avg300=0.00 total=9\n',
    );
    using reading = await cgroupProbe(edges(), host.root).start(server);
    expect((await reading.finish()).group?.cpuPressure).toBeNull();
  });
});

describe('what cannot be read is an error and never a zero', () => {
  test.each([
    ['no hierarchy is mounted', (host: Host) => writeFileSync(join(host.root, 'proc/self/mountinfo'), ''), 'E_CGROUP'],
    [
      'only another part of the hierarchy is shown',
      (host: Host) =>
        writeFileSync(
          join(host.root, 'proc/self/mountinfo'),
          '30 23 0:26 /user.slice /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
        ),
      'E_CGROUP',
    ],
    [
      'only its memory is in a group of its own',
      (host: Host) =>
        writeFileSync(join(host.root, `proc/${init}/cgroup`), `4:memory:/docker/${containerId}\n0::/user.slice\n`),
      'E_CGROUP',
    ],
    ['the folder is closed to us', (host: Host) => rmSync(join(host.root, 'sys'), { recursive: true }), 'E_CGROUP'],
    [
      'the CPU controller is not delegated',
      (host: Host) =>
        writeFileSync(
          join(host.root, `sys/fs/cgroup/system.slice/docker-${containerId}.scope/cpu.stat`),
          'usage_usec 9\nuser_usec 5\nsystem_usec 4\n',
        ),
      'E_CGROUP',
    ],
    ['the process is gone', (host: Host) => rmSync(join(host.root, `proc/${init}`), { recursive: true }), 'E_PROBE'],
  ])('at the first edge when %s', async (_what, spoil, code) => {
    const host = hostLike('v2');
    spoil(host);
    await expect(cgroupProbe(edges(), host.root).start(server)).rejects.toMatchObject({ code });
  });

  test('when the process belongs to another container', async () => {
    const stranger = { ...server, containerId: 'f'.repeat(64) };
    await expect(cgroupProbe(edges(), hostLike('v2').root).start(stranger)).rejects.toMatchObject({
      code: 'E_CGROUP',
      remedy: expect.stringContaining('--pid host'),
    });
  });

  test('at the last edge when the container went away in between', async () => {
    const host = hostLike('v2');
    using reading = await cgroupProbe(edges(), host.root).start(server);
    rmSync(join(host.root, 'sys'), { recursive: true });
    await expect(reading.finish()).rejects.toMatchObject({ code: 'E_PROBE' });
  });

  test('on an engine that has no process here', async () => {
    await expect(cgroupProbe().start({ ...server, pid: null })).rejects.toMatchObject({ code: 'E_PROBE' });
  });
});
