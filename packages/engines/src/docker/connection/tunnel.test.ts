import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dockerLack } from '../../test-kit/scratch-image.ts';
import { connectDocker } from './connection.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const lack = await dockerLack();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pf-fake-ssh-'));
  await cp(join(fixtures, 'ssh.ts'), join(folder, 'ssh.ts'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'ssh'), `#!/bin/sh\nexec '${process.execPath}' '${folder}/ssh.ts' "$@"\n`);
  await chmod(join(folder, 'ssh'), 0o755);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** What ssh was called with, in order. */
async function calls(): Promise<{ pid: number; words: string[] }[]> {
  const text = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { pid: number; words: string[] });
}

async function becomes(condition: () => boolean): Promise<boolean> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (condition()) return true;
    await delay(25);
  }
  return false;
}

const by = (dockerHost: string) => connectDocker({ environment: { PATH: folder }, home: folder, dockerHost });

describe('a connection by ssh', () => {
  test('is one process for all requests, asks nobody, and ends with the connection', async (context) => {
    if (lack !== null) return context.skip(lack);
    const connection = await by('ssh://ann@lab:2222/var/run/docker.sock');
    expect(connection).toMatchObject({ local: false, host: '127.0.0.1' });
    await Promise.all(Array.from({ length: 20 }, () => connection.client.version()));
    const [settings, tunnel, ...more] = await calls();
    expect(settings?.words).toEqual(['-G', '-p', '2222', '--', 'ann@lab']);
    expect(more).toEqual([]);
    const words = tunnel?.words ?? [];
    expect(words.slice(-4)).toEqual(['-p', '2222', '--', 'ann@lab']);
    for (const option of [
      'BatchMode=yes',
      'StrictHostKeyChecking=yes',
      'ExitOnForwardFailure=yes',
      'ServerAliveInterval=10',
    ])
      expect(words[words.indexOf(option) - 1]).toBe('-o');
    const forwarded = words[words.indexOf('-L') + 1] ?? '';
    expect(forwarded).toMatch(/:\/var\/run\/docker\.sock$/);
    await connection.close();
    expect(await becomes(() => !existsSync(`/proc/${tunnel?.pid}`))).toBe(true);
    expect(existsSync(forwarded.split(':')[0] ?? '')).toBe(false);
  });

  test('ends when the harness is killed', async (context) => {
    if (lack !== null) return context.skip(lack);
    const harness = spawn(process.execPath, [join(fixtures, 'tunnel-holder.ts'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    await once(harness.stdout, 'data');
    const tunnel = (await calls()).find(({ words }) => words.includes('-N'));
    expect(existsSync(`/proc/${tunnel?.pid}`)).toBe(true);
    process.kill(-(harness.pid ?? 0), 'SIGKILL');
    expect(await becomes(() => !existsSync(`/proc/${tunnel?.pid}`))).toBe(true);
  });

  test.each([
    ['unknown-key', /Check and accept the key/, /Host key verification failed/],
    ['no-entry', /Give this user a key/, /Permission denied/],
  ])('says what to do when ssh refuses: %s', async (host, remedy, given) => {
    const error = await by(`ssh://${host}`).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'E_ENGINE_SSH',
      remedy: expect.stringMatching(remedy),
      given: expect.stringMatching(given),
    });
  });

  test('says so when there is no ssh', async () => {
    const error = await connectDocker({
      environment: { PATH: '/nonexistent' },
      home: folder,
      dockerHost: 'ssh://lab',
    }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'E_ENGINE_SSH' });
  });
});
