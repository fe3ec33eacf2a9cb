import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type ServerHandle, seconds } from '@photofinish/schema';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cpuSeconds, procfsProbe } from './probe.ts';
import { type ProcessSample, statusField } from './process.ts';
import { descendants } from './tree.ts';

const children: ChildProcess[] = [];

/** A process whose child does what the program says; the child stands for the server, as under a supervisor. */
async function family(program: string): Promise<ServerHandle> {
  const parent = `const { spawn } = require('node:child_process'); spawn(process.execPath, ['-e', ${JSON.stringify(program)}], { stdio: ['ignore', 'inherit', 'inherit'] });`;
  const child = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return { host: '127.0.0.1', port: 1, pid: child.pid ?? 0, containerId: null, cores: [], timeToReady: seconds(0) };
}

beforeEach((context) => {
  if (!existsSync('/proc/self/stat')) context.skip('this system has no procfs');
});

afterEach(() => {
  for (const { pid, exitCode } of children.splice(0))
    if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGKILL');
});

describe('the procfs probe', () => {
  test('counts the CPU time of a process below the one named, and not of that one', async () => {
    const server = await family(
      "console.log('ready'); setInterval(() => { const end = Date.now() + 50; while (Date.now() < end); }, 1)",
    );
    const reading = await procfsProbe().start(server);
    await delay(500);
    const use = await reading.finish();
    const used = use.cpuUserSeconds + use.cpuSystemSeconds;
    expect(used).toBeGreaterThan(0.05);
    expect(used).toBeLessThan(use.intervalSeconds * 2);
    expect(use.processes).toBe(1);
    expect(use.threads).toBeGreaterThan(1);
  });

  test('sees memory that was held only between the edges in the peak', async () => {
    const server = await family(
      "console.log('ready'); setTimeout(() => { let held = Buffer.alloc(150e6, 1); setTimeout(() => { held = null; globalThis.gc?.(); }, 200); }, 300); setInterval(() => {}, 1000)",
    );
    const reading = await procfsProbe().start(server);
    await delay(900);
    const use = await reading.finish();
    expect((use.rssPeakBytes ?? 0) - use.rssStartBytes).toBeGreaterThan(100e6);
  });

  test('resets the peak, so that memory held before the window is not in it', async () => {
    const server = await family(
      "let held = Buffer.alloc(200e6, 1); held = null; setTimeout(() => { globalThis.gc?.(); console.log('ready'); }, 10); setInterval(() => {}, 1000)",
    );
    const reading = await procfsProbe().start(server);
    const use = await reading.finish();
    expect(use.rssPeakBytes ?? Infinity).toBeLessThan(use.rssStartBytes * 1.2);
  });

  test('counts context switches of every thread', async () => {
    const server = await family("console.log('ready'); setInterval(() => {}, 5)");
    const reading = await procfsProbe().start(server);
    await delay(300);
    expect((await reading.finish()).voluntarySwitches).toBeGreaterThan(20);
  });

  test('says that the server is gone rather than that it used nothing', async () => {
    const server = await family(
      "console.log('ready'); setTimeout(() => process.exit(0), 300); setInterval(() => {}, 1000)",
    );
    const reading = await procfsProbe().start(server);
    await delay(800);
    await expect(reading.finish()).rejects.toMatchObject({ code: 'E_PROBE' });
  });
});

test('descendants are found over generations', async () => {
  const server = await family(
    "require('node:child_process').spawn('sleep', ['60']); console.log('ready'); setInterval(() => {}, 1000)",
  );
  expect(await descendants(server.pid ?? 0)).toHaveLength(2);
});

describe('cpuSeconds', () => {
  const sample = (ticks: number, threads: [number, number][]): ProcessSample => ({
    pid: 1,
    tickUserSeconds: ticks,
    tickSystemSeconds: 0,
    threadSeconds: new Map(threads),
    rssBytes: 0,
    rssPeakBytes: 0,
    virtualBytes: 0,
    pssBytes: 0,
    threads: threads.length,
    voluntarySwitches: 0,
    involuntarySwitches: 0,
  });

  test('takes the exact figure of the threads while ticks say the same', () => {
    expect(cpuSeconds(sample(1, [[1, 1.004]]), sample(1.5, [[1, 1.5071]])).user).toBeCloseTo(0.5031, 6);
  });

  test('takes the ticks when a thread has ended in between and took its figure with it', () => {
    const cpu = cpuSeconds(
      sample(1, [
        [1, 0.5],
        [2, 0.5],
      ]),
      sample(2, [[1, 0.6]]),
    );
    expect(cpu.user).toBeCloseTo(1, 6);
  });

  test('counts a process that began in the window from nothing', () => {
    expect(cpuSeconds(undefined, sample(0.3, [[7, 0.301]])).user).toBeCloseTo(0.301, 6);
  });
});

test.each([
  ['VmRSS', 46_080 * 1024],
  ['Threads', 7],
  ['VmSwap', null],
])('field %s of a status file is %s', (label, value) => {
  expect(statusField('Name:\tnode\nVmRSS:\t   46080 kB\nThreads:\t7\n', label)).toBe(value);
});
