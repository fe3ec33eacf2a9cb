import type { Duplex } from 'node:stream';
import { type Clock, EnvironmentLostError, seconds } from '@photofinish/schema';
import type Docker from 'dockerode';
import { timely, withReconnect } from './calls.ts';
import { statusOf, tolerating } from './errors.ts';
import { createOptions, type ProfileRequest } from './profile.ts';

const keepAliveMilliseconds = 30_000;

/** Creates the container of one server; nothing in it is started. Throws what the engine answers. */
export async function createContainer(
  client: Docker,
  request: ProfileRequest,
  name: string,
): Promise<Docker.Container> {
  return await timely((abortSignal) => client.createContainer({ ...createOptions(request, name), abortSignal }));
}

/**
 * Holds the standard input of a created container: the supervisor in it kills the server when this stream ends, by us or by our death. Its output
 * is not attached, so that nothing is carried here while a window is measured.
 */
export async function holdInput(container: Docker.Container): Promise<Duplex> {
  const stream = (await timely(() =>
    container.attach({ stream: true, stdin: true, stdout: false, stderr: false, hijack: true }),
  )) as Duplex & { setKeepAlive?: (isOn: boolean, delay: number) => void };
  // Between two hosts an idle connection may be forgotten on the way.
  stream.setKeepAlive?.(true, keepAliveMilliseconds);
  stream.on('error', () => stream.destroy());
  return stream.resume();
}

/**
 * Removes a container by name or id, running or not, with its anonymous volumes, and sees that it is gone. One that is gone already is as good.
 * Throws `EnvironmentLostError` when the engine does not come back, and what the engine answers.
 */
export async function removeContainer(client: Docker, clock: Clock, name: string): Promise<void> {
  const container = client.getContainer(name);
  await withReconnect(clock, 'removing a server', async () => {
    // 409: somebody else is removing it.
    await tolerating([404, 409], () =>
      timely((abortSignal) => container.remove({ force: true, v: true, abortSignal })),
    );
    await gone(container, clock);
  });
}

async function gone(container: Docker.Container, clock: Clock): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await timely((abortSignal) => container.inspect({ abortSignal }));
    } catch (error) {
      if (statusOf(error) === 404) return;
      throw error;
    }
    if (attempt === 100) {
      throw new EnvironmentLostError('E_CONTAINER_STAYS', {
        what: 'The container engine does not get rid of a container.',
        remedy: 'Restart the engine, then remove what `photofinish gc` lists.',
        given: container.id,
      });
    }
    await clock.sleep(seconds(0.1));
  }
}
