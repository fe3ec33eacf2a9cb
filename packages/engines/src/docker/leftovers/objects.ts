import { setTimeout as delay } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { timely } from '../calls.ts';
import { statusOf, tolerating } from '../errors.ts';
import { labels } from '../labels.ts';

/** Something of ours that an engine holds. Images are not among these: they are kept on purpose. */
export interface LabelledObject {
  readonly type: 'container' | 'network' | 'volume';
  readonly id: string;
  readonly name: string;
  /** `server`, `network`, `lease`, ... */
  readonly kind: string;
  readonly runId: string;
  /** The harness, as `ownLabel` gives it. */
  readonly owner: string;
  /** Seconds since the epoch by the engine's clock. */
  readonly createdAt: number;
}

const removedWithin = 10_000;

/** Everything that carries all three of our labels and those asked for, containers first, volumes last: the order in which it can be removed. */
export async function labelledObjects(client: Dockerode, ...wanted: readonly string[]): Promise<LabelledObject[]> {
  const filters = { label: [labels.run, labels.owner, labels.kind, ...wanted] };
  const [containers, networks, volumes] = await timely((abortSignal) =>
    Promise.all([
      client.listContainers({ all: true, filters, abortSignal }),
      client.listNetworks({ filters, abortSignal }),
      client.listVolumes({ filters, abortSignal }),
    ]),
  );
  return [
    ...containers.map((one) => object('container', one.Id, one.Names[0] ?? '', one.Labels, one.Created)),
    ...networks.map((one) => object('network', one.Id, one.Name, one.Labels ?? {}, secondsOf(one.Created))),
    ...(volumes.Volumes ?? []).map((one) =>
      object('volume', one.Name, one.Name, one.Labels ?? {}, secondsOf((one as { CreatedAt?: string }).CreatedAt)),
    ),
  ];
}

const secondsOf = (text: string | undefined) => Date.parse(text ?? '') / 1000;

function object(
  type: LabelledObject['type'],
  id: string,
  name: string,
  found: Readonly<Record<string, string>>,
  createdAt: number,
): LabelledObject {
  return {
    type,
    id,
    name: name.replace(/^\//, ''),
    kind: found[labels.kind] ?? '',
    runId: found[labels.run] ?? '',
    owner: found[labels.owner] ?? '',
    createdAt,
  };
}

/** Removes one object and waits until it is gone. Does nothing when it is gone already. Throws what the engine answers. */
export async function removeObject(client: Dockerode, { type, id }: LabelledObject): Promise<void> {
  switch (type) {
    case 'container':
      return await removeContainer(client.getContainer(id));
    case 'network':
      return await tolerating([404], () => timely((abortSignal) => client.getNetwork(id).remove({ abortSignal })));
    case 'volume':
      return await tolerating([404], () => timely((abortSignal) => client.getVolume(id).remove({ abortSignal })));
  }
}

/** 409: the engine is removing it already, by itself or for somebody else. */
async function removeContainer(container: Dockerode.Container): Promise<void> {
  await tolerating([404, 409], () => timely((abortSignal) => container.remove({ force: true, v: true, abortSignal })));
  const deadline = performance.now() + removedWithin;
  while (performance.now() < deadline) {
    try {
      await timely((abortSignal) => container.inspect({ abortSignal }));
    } catch (error) {
      if (statusOf(error) === 404) return;
      throw error;
    }
    await delay(20);
  }
}

/** Removes objects in the order in which the engine allows it: networks after the containers in them. */
export async function removeObjects(client: Dockerode, objects: readonly LabelledObject[]): Promise<void> {
  for (const type of ['container', 'network', 'volume'] as const) {
    await Promise.all(objects.filter((one) => one.type === type).map((one) => removeObject(client, one)));
  }
}
