import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ownLabel } from '../../local/leftovers.ts';
import { dockerLack, hereOptions, type ScratchImage, scratchNativeImage } from '../../test-kit/scratch-image.ts';
import { connectDocker, type DockerConnection } from '../connection/connection.ts';
import { labels, ownLabels } from '../labels.ts';
import { takeLease } from '../lease/lease.ts';
import { findContainerLeftovers, reapDeadRuns, removeContainerLeftover } from './leftovers.ts';
import { removeObjects } from './objects.ts';

const lack = await dockerLack();
let connection: DockerConnection;
let image: ScratchImage;

beforeAll(async () => {
  if (lack !== null) return;
  connection = await connectDocker(hereOptions);
  image = await scratchNativeImage(connection);
});

afterAll(async () => {
  await image?.[Symbol.asyncDispose]();
  await connection?.close();
});

const runId = '20260131T140000Z-0000aa';
/** No process has this number: the kernel gives none above 4194304 (proc_sys_kernel(5), pid_max). */
const deadOwner = (await ownLabel()).replace(/^\d+:\d+/, '4194305:1');
const command = ['/usr/local/bin/photofinish-native', 'version'];

/** Plants one container, network and volume with these labels; gives their ids as the list of leftovers has them. */
async function plant(name: string, Labels: Record<string, string>): Promise<string[]> {
  const { client } = connection;
  const container = await client.createContainer({ name, Image: image.id, Cmd: command, Labels });
  const network = await client.createNetwork({ Name: name, Internal: true, Labels });
  await client.createVolume({ Name: name, Labels });
  return [container.id, network.id, name];
}

async function standing(ids: readonly string[]): Promise<string[]> {
  const { client } = connection;
  const [containers, networks, volumes] = await Promise.all([
    client.listContainers({ all: true }),
    client.listNetworks(),
    client.listVolumes(),
  ]);
  const all = [
    ...containers.map(({ Id }) => Id),
    ...networks.map(({ Id }) => Id),
    ...volumes.Volumes.map(({ Name }) => Name),
  ];
  return ids.filter((id) => all.includes(id));
}

async function uproot([container = '', network = '', volume = '']: readonly string[]): Promise<void> {
  const { client } = connection;
  await client.getContainer(container).remove({ force: true });
  await client.getNetwork(network).remove();
  await client.getVolume(volume).remove();
}

const dead = { [labels.run]: runId, [labels.owner]: deadOwner, [labels.kind]: 'server' };

/** Eight strangers, three objects each, whose names or labels look like ours. */
const lookAlikes: Record<string, Record<string, string>> = {
  'photofinish-lease-gate-of-someone': {},
  [`photofinish-${runId}`]: {},
  'photofinish-stranger-run': { [labels.run]: runId },
  'photofinish-stranger-kind': { [labels.run]: runId, [labels.kind]: 'server' },
  'photofinish-stranger-owner': { [labels.owner]: deadOwner, [labels.kind]: 'server' },
  'photofinish-stranger-prefix': {
    'x.dev.photofinish.run': runId,
    'x.dev.photofinish.owner': deadOwner,
    'x.dev.photofinish.kind': 'server',
  },
  'photofinish-stranger-suffix': {
    'dev.photofinish.run.x': runId,
    'dev.photofinish.owner.x': deadOwner,
    'dev.photofinish.kind.x': 'server',
  },
  'photofinish-stranger-case': {
    'dev.Photofinish.run': runId,
    'dev.Photofinish.owner': deadOwner,
    'dev.Photofinish.kind': 'server',
  },
};

describe('leftovers in a container engine', () => {
  beforeEach((context) => {
    if (lack !== null) context.skip(lack);
  });

  test('are found without being touched, and removed one by one when told to', async () => {
    const planted = await plant('photofinish-dead-a', dead);
    const found = (await findContainerLeftovers(connection)).filter(({ id }) => planted.includes(id));
    expect(found.map(({ type }) => type)).toEqual(['container', 'network', 'volume']);
    expect(found[0]).toMatchObject({ name: 'photofinish-dead-a', runId, kind: 'server' });
    expect(await standing(planted)).toEqual(planted);
    for (const one of found) await removeContainerLeftover(connection, one);
    for (const one of found) await removeContainerLeftover(connection, one);
    expect(await standing(planted)).toEqual([]);
  });

  test('are reaped at the start of a run, and nothing of strangers is touched', async () => {
    const strangers = await Promise.all(Object.entries(lookAlikes).map(([name, labelled]) => plant(name, labelled)));
    const planted = await plant('photofinish-dead-b', dead);
    try {
      const removed = (await reapDeadRuns(connection)).map(({ id }) => id);
      expect(planted.every((id) => removed.includes(id))).toBe(true);
      expect(await standing(planted)).toEqual([]);
      expect(strangers.flat()).toHaveLength(24);
      expect(await standing(strangers.flat())).toEqual(strangers.flat());
      await expect(connection.client.getImage(image.id).inspect()).resolves.toMatchObject({ Id: image.id });
    } finally {
      await Promise.all(strangers.map(uproot));
    }
  });

  test('are not what a living harness owns', async () => {
    const planted = await plant('photofinish-alive', await ownLabels(runId, 'server'));
    const found = (await findContainerLeftovers(connection)).filter(({ id }) => planted.includes(id));
    expect(found).toEqual([]);
    await uproot(planted);
  });

  test('are not what a run with a lease owns, whatever its owner', async () => {
    const holder = { runId, since: '2026-01-31T14:00:00Z', version: '0' };
    const lease = await takeLease({ connection, cores: [7900], holder, image: image.id });
    const planted = await plant('photofinish-leased', dead);
    const isFound = async () => (await findContainerLeftovers(connection)).some(({ id }) => planted.includes(id));
    expect(await isFound()).toBe(false);
    await lease[Symbol.asyncDispose]();
    expect(await isFound()).toBe(true);
    await uproot(planted);
  });

  test('are not what the harness of another container has just made, whose life cannot be seen from here', async () => {
    const planted = await plant('photofinish-elsewhere', { ...dead, [labels.owner]: '4194305:1:7' });
    const found = (await findContainerLeftovers(connection)).filter(({ id }) => planted.includes(id));
    expect(found).toEqual([]);
    await uproot(planted);
  });

  test('are on another machine judged by their lease alone, and not while they are young', async () => {
    const planted = await plant('photofinish-young', dead);
    const afar = { ...connection, local: false };
    const found = (await findContainerLeftovers(afar)).filter(({ id }) => planted.includes(id));
    expect(found).toEqual([]);
    await removeObjects(
      connection.client,
      (await findContainerLeftovers(connection)).filter(({ id }) => planted.includes(id)),
    );
  });
});

test('nothing in this package asks an engine to clear what nobody named', async () => {
  const source = join(import.meta.dirname, '../..');
  const files = (await readdir(source, { recursive: true })).filter((name) => name.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(20);
  const word = ['pr', 'une'].join('');
  // An endpoint of the API, a method of dockerode, a word of a command; advice to people is none of these.
  const call = new RegExp(`/${word}\\b|\\.${word}[A-Z]|['"\`]${word}['"\`]`);
  expect(`client.${word}Images()`).toMatch(call);
  for (const file of files) expect(await readFile(join(source, file), 'utf8'), file).not.toMatch(call);
});
