import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { seconds, UsageError } from '@photofinish/schema';
import type { ContainerLaunch, RunningServer, ServerSpec } from '../engine.ts';
import { type EngineAccess, timely, withReconnect } from './calls.ts';
import { createContainer, holdInput, removeContainer } from './container.ts';
import { watchEnd } from './container-end.ts';
import { engineError } from './errors.ts';
import { watchEvents } from './events.ts';
import { ownLabels } from './labels.ts';
import { createNetwork, removeNetwork } from './network.ts';
import type { ProfileRequest } from './profile.ts';
import { becomeReady } from './ready.ts';
import { runningServer } from './running.ts';

/**
 * Starts one server in a container of its own on a network of its own. Either gives a server that answered, or throws with nothing left:
 * `ServerStartError`, the signal's reason when aborted, `EnvironmentError` (`E_IMAGE_MISSING`, `E_ADDRESS_POOL`, ...) or `EnvironmentLostError`
 * (`E_ENGINE_LOST`, `E_ENGINE_DISK_FULL`).
 */
export async function startServer(
  access: EngineAccess,
  runId: string,
  spec: ServerSpec,
  launch: ContainerLaunch,
  signal: AbortSignal,
): Promise<RunningServer> {
  const { client, clock } = access;
  const began = clock.now();
  const name = `photofinish-${runId.toLowerCase()}-${randomBytes(4).toString('hex')}`;
  /** What must be given back, in the order of its making. Names are noted before anything is made: an answer may be lost on the way. */
  const held = new AsyncDisposableStack();
  try {
    if (launch.network !== 'host')
      held.defer(() => withReconnect(clock, 'removing a network', () => removeNetwork(client, name)));
    const network = await createNetwork(client, launch.network, name, await ownLabels(runId, 'network'));
    signal.throwIfAborted();
    const request = profileRequest(access, spec, launch, network.name, await ownLabels(runId, 'server'));
    held.defer(() => removeContainer(client, clock, name));
    const container = await createContainer(client, request, name);
    signal.throwIfAborted();
    const input = await holdInput(container);
    held.defer(() => void input.destroy());
    const events = await watchEvents(client, container.id, network.id);
    held.defer(() => events.close());
    signal.throwIfAborted();
    await timely((abortSignal) => container.start({ abortSignal }));
    const asked = { toEnd: false };
    const ended = watchEnd(access, container, events, asked);
    const deadline = seconds(began + spec.readyWithin);
    const address = await becomeReady(
      { access, container, spec, path: launch.network, network: network.name, ended, deadline },
      signal,
    );
    const timeToReady = seconds(clock.now() - began);
    return await runningServer({ access, container, request, spec, address, timeToReady, events, ended, asked, held });
  } catch (error) {
    const told = engineError(error, `starting ${spec.title}`);
    try {
      await held.disposeAsync();
    } catch (failure) {
      throw engineError(failure, `removing ${spec.title}`);
    }
    throw told;
  }
}

function profileRequest(
  { name, local, host }: EngineAccess,
  spec: ServerSpec,
  launch: ContainerLaunch,
  network: string,
  labels: Record<string, string>,
): ProfileRequest {
  const port = spec.environment.PORT ?? '';
  if (launch.network !== 'host' && !/^[1-9]\d{0,4}$/.test(port)) {
    throw new UsageError('E_CONTAINER_PORT', {
      what: `${spec.title} needs a fixed port to be reached by in its container.`,
      given: `PORT=${port}`,
      allowed: '1 to 65535',
      remedy: 'Give the server a port of its own in PORT, or the network `host`.',
    });
  }
  const published = { port, address: local ? '127.0.0.1' : isIP(host) === 0 ? '0.0.0.0' : host };
  return {
    engine: name,
    image: launch.image,
    command: launch.command,
    environment: spec.environment,
    cores: spec.cores,
    limits: launch.limits,
    network,
    published: launch.network === 'published' ? published : null,
    labels,
  };
}
