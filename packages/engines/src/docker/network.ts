import type { NetworkPath } from '@photofinish/schema';
import type Docker from 'dockerode';
import { timely } from './calls.ts';
import { statusOf, tolerating } from './errors.ts';

/** The network of one server. */
export interface ServerNetwork {
  /** Name to attach the container to: of a network of its own, or `host`. */
  readonly name: string;
  /** Engine's id of the network; null where the server shares the host's. */
  readonly id: string | null;
}

/**
 * Makes the network of one server. `bridge`: internal, so that nothing in the container reaches further than the host. `published`: an
 * ordinary bridge, because an engine publishes no port of an internal one. `host`: none is made. Throws what the engine answers.
 */
export async function createNetwork(
  client: Docker,
  path: Exclude<NetworkPath, 'loopback'>,
  name: string,
  labels: Record<string, string>,
): Promise<ServerNetwork> {
  if (path === 'host') return { name: 'host', id: null };
  const network = await timely((abortSignal) =>
    client.createNetwork({
      Name: name,
      Driver: 'bridge',
      CheckDuplicate: true,
      Internal: path === 'bridge',
      EnableIPv6: false,
      Labels: labels,
      abortSignal,
    }),
  );
  return { name, id: network.id };
}

/** Removes a network by name or id; one that is gone is as good. What somebody else attached is detached first. */
export async function removeNetwork(client: Docker, name: string): Promise<void> {
  const network = client.getNetwork(name);
  try {
    await timely((abortSignal) => network.remove({ abortSignal }));
  } catch (error) {
    if (statusOf(error) === 404) return;
    if (statusOf(error) !== 403 && statusOf(error) !== 409) throw error;
    const { Containers = {} } = (await timely(() => network.inspect())) as {
      Containers?: object;
    };
    for (const container of Object.keys(Containers)) {
      await tolerating([404, 409], () => network.disconnect({ Container: container, Force: true }));
    }
    await tolerating([404], () => timely((abortSignal) => network.remove({ abortSignal })));
  }
}
