import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerInspectInfo } from 'dockerode';
import { expect, test } from 'vitest';
import { testSpec } from './fixtures/test-image.ts';
import { type ProfileRequest, profileDifferences } from './profile.ts';

// What Podman 4.3.1 said of a container of the engine, started with the request below.
const fixture = join(import.meta.dirname, 'fixtures', 'podman-inspect.json');
const captured = async () => JSON.parse(await readFile(fixture, 'utf8')) as ContainerInspectInfo;

async function request(): Promise<ProfileRequest> {
  const { Image, NetworkSettings } = await captured();
  const { launch, environment, cores } = testSpec(Image, 'good');
  if (launch.kind !== 'container') throw new TypeError('a container was asked for');
  return {
    ...launch,
    engine: 'Podman',
    environment,
    cores,
    network: Object.keys(NetworkSettings.Networks).join(),
    published: null,
    labels: { 'dev.photofinish.kind': 'server' },
  };
}

test('a container of Podman that is as asked differs in nothing, in whatever words Podman tells it', async () => {
  expect(profileDifferences(await request(), await captured())).toEqual([]);
  expect(profileDifferences({ ...(await request()), engine: 'Docker' }, await captured())).not.toEqual([]);
});

test.each<[string, (inspected: ContainerInspectInfo) => void, RegExp]>([
  ['a capability left', ({ HostConfig }) => HostConfig.CapDrop.splice(0, 5), /^HostConfig\.CapDrop is /],
  ['another limit', ({ HostConfig }) => HostConfig.Ulimits?.pop(), /^HostConfig\.Ulimits is /],
  [
    'a namespace of the host',
    ({ HostConfig }) => Object.assign(HostConfig, { PidMode: 'host' }),
    /^HostConfig\.PidMode is "host"/,
  ],
  [
    'another network',
    (inspected) => Object.assign(inspected.NetworkSettings, { Networks: {} }),
    /^HostConfig\.NetworkMode is nothing/,
  ],
  ['another image', (inspected) => Object.assign(inspected, { Image: 'sha256:1' }), /^Config\.Image is "sha256:1"/],
  [
    'a larger temporary folder',
    ({ HostConfig }) => Object.assign(HostConfig, { Tmpfs: { '/tmp': 'rw' } }),
    /^HostConfig\.Tmpfs is /,
  ],
])('%s is a difference all the same', async (_, change, words) => {
  const inspected = await captured();
  change(inspected);
  expect(profileDifferences(await request(), inspected)).toEqual([expect.stringMatching(words)]);
});
