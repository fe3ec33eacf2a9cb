import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { seconds } from '@photofinish/schema';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ServerSpec } from '../engine.ts';
import { describeEngine } from '../test-kit/kit.ts';
import { localEngine } from './engine.ts';
import { findLeftovers } from './leftovers.ts';

const supervisor = join(import.meta.dirname, '../../../loadgen/native/target/release/photofinish-native');
const fixture = join(import.meta.dirname, 'fixtures', 'server.js');
const never = new AbortController().signal;

beforeEach((context) => {
  if (!existsSync(supervisor))
    context.skip('the native core is not built: npx turbo run build --filter=@photofinish/loadgen');
});

const spec = (behaviour: string, environment: Record<string, string> = {}): ServerSpec => ({
  title: behaviour,
  launch: { kind: 'process', folder: import.meta.dirname, command: [process.execPath, fixture, behaviour] },
  environment,
  cores: [0],
  readyWithin: seconds(behaviour === 'silent' ? 0.5 : 10),
  stopWithin: seconds(6),
});

describeEngine('local', async () => ({
  engine: localEngine(supervisor),
  good: spec('good'),
  silent: spec('silent'),
  crashing: spec('crashing'),
  stubborn: spec('stubborn'),
}));

const isAlive = (pid: number) => existsSync(`/proc/${pid}`);

async function gone(pids: readonly number[]): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (!pids.some(isAlive)) return true;
    await delay(20);
  }
  return false;
}

describe('the engine local', () => {
  test('gives a server its own environment and nothing of ours', async () => {
    await using server = await localEngine(supervisor).start(spec('good', { GREETING: 'hello' }), never);
    const answer = await fetch(`http://127.0.0.1:${server.port}/environment`);
    const environment = (await answer.json()) as Record<string, string>;
    expect(environment).toMatchObject({ GREETING: 'hello' });
    expect(Object.keys(environment)).not.toContain('PATH');
  });

  test('refuses a server whose first line is not its port', async () => {
    await expect(localEngine(supervisor).start(spec('chatty'), never)).rejects.toMatchObject({
      failure: 'never-healthy',
    });
  });

  test('says that the port is taken by what the server printed', async () => {
    await using first = await localEngine(supervisor).start(spec('good'), never);
    const second = localEngine(supervisor).start(spec('good', { PORT: String(first.port) }), never);
    await expect(second).rejects.toMatchObject({
      failure: 'crashed',
      lastWords: expect.stringContaining('EADDRINUSE'),
    });
  });

  test('leaves no process behind, not even one in a session of its own', async () => {
    const server = await localEngine(supervisor).start(spec('family'), never);
    const { descendants } = await import('./fixtures/descendants.ts');
    const family = await descendants(server.pid ?? 0);
    expect(family.length).toBeGreaterThanOrEqual(2);
    await server.stop();
    expect(await gone(family)).toBe(true);
  });

  test('leaves no process behind when the harness is killed', async () => {
    const program = `
      import { localEngine } from ${JSON.stringify(join(import.meta.dirname, 'engine.ts'))};
      const server = await localEngine(process.argv[1]).start(JSON.parse(process.argv[2]), new AbortController().signal);
      console.log(server.pid);
      setInterval(() => {}, 1000);`;
    const loader = import.meta.resolve('tsx');
    const harness = spawn(
      process.execPath,
      ['--import', loader, '--input-type=module', '-e', program, supervisor, JSON.stringify(spec('family'))],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const pid = Number(
      await new Promise<string>((resolve) => harness.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))),
    );
    const { descendants } = await import('./fixtures/descendants.ts');
    const family = [pid, ...(await descendants(pid))];
    expect(family.length).toBeGreaterThanOrEqual(3);
    harness.kill('SIGKILL');
    expect(await gone(family)).toBe(true);
    expect((await findLeftovers()).filter((leftover) => family.includes(leftover.pid))).toEqual([]);
  });
});
