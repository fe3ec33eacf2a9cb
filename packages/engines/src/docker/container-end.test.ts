import { afterEach, describe, expect, test } from 'vitest';
import { containerBench } from './fixtures/bench.ts';

const { client, spec, start, ask, container, expectNothingLeft } = await containerBench();

describe('the end of a server in a container', () => {
  afterEach(async () => {
    await expectNothingLeft();
  });

  test('is for memory when the kernel kills the server itself', async () => {
    const server = await start(spec('good'));
    await ask(server, '/eat');
    expect(await server.ended).toEqual({ code: null, signal: 'SIGKILL', reason: 'out-of-memory' });
    expect((await server.stop()).outOfMemory).toBe('target');
  });

  test('is its own when the kernel killed only a child of it', async () => {
    const server = await start(spec('good'));
    const events = await client.getEvents({ filters: { container: [server.containerId ?? ''], event: ['oom'] } });
    await ask(server, '/eat-in-child');
    await new Promise((resolve) => events.once('data', resolve));
    (events as unknown as { destroy(): void }).destroy();
    expect(await ask(server, '/health')).toBe('ok');
    const { exit, outOfMemory } = await server.stop();
    expect(exit).toEqual({ code: 0, signal: null, reason: 'own' });
    expect(outOfMemory).toBe('child');
  });

  test('is its own after a SIGKILL from outside: 137 alone proves nothing', async () => {
    const server = await start(spec('good'));
    await container(server).kill({ signal: 'SIGKILL' });
    expect(await server.ended).toEqual({ code: null, signal: 'SIGKILL', reason: 'own' });
    expect((await server.stop()).outOfMemory).toBe(null);
  });

  test('is its own with the code it ended with', async () => {
    const server = await start(spec('good'));
    await ask(server, '/end');
    expect(await server.ended).toEqual({ code: 7, signal: null, reason: 'own' });
    expect(server.lastWords()).toBe('listening 8080\n');
    expect((await server.stop()).forced).toBe(false);
  });

  test('is a removal when somebody removed the container', async () => {
    const server = await start(spec('good'));
    await container(server).remove({ force: true });
    expect((await server.ended).reason).toBe('removed');
    expect((await server.stop()).exit.reason).toBe('removed');
  });

  test('is a removal when somebody removed its network', async () => {
    const server = await start(spec('good'));
    const { NetworkSettings } = await container(server).inspect();
    const [name = ''] = Object.keys(NetworkSettings.Networks);
    await client.getNetwork(name).disconnect({ Container: server.containerId ?? '', Force: true });
    await client.getNetwork(name).remove();
    expect((await server.ended).reason).toBe('removed');
    await server.stop();
  });
});
