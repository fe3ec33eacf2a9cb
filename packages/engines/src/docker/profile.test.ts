import { bytes } from '@photofinish/schema';
import type { ContainerInspectInfo } from 'dockerode';
import { expect, test } from 'vitest';
import { createOptions, type ProfileRequest, profileDifferences, profileKeys } from './profile.ts';

const request: ProfileRequest = {
  engine: 'Docker',
  image: `sha256:${'1'.repeat(64)}`,
  command: ['/server'],
  environment: { HOST: '0.0.0.0', PORT: '8080' },
  cores: [3, 1],
  limits: { memoryBytes: bytes(2 ** 29), pids: 512, openFiles: 4096 },
  network: 'own',
  published: { port: '8080', address: '127.0.0.1' },
  labels: { owner: 'me' },
};

/** What an engine would say of a container that is exactly as asked. */
function exact(changes: { Config?: object; HostConfig?: object; Mounts?: object[] } = {}): ContainerInspectInfo {
  const { HostConfig, name: _, ...Config } = createOptions(request, 'name');
  return {
    Config: { ...Config, ...changes.Config },
    HostConfig: { ...HostConfig, ...changes.HostConfig },
    Mounts: changes.Mounts ?? [],
  } as unknown as ContainerInspectInfo;
}

test('a container that is as asked differs in nothing', () => {
  expect(profileDifferences(request, exact())).toEqual([]);
});

test('the cores are asked for in ascending order, and swap is off', () => {
  expect(createOptions(request, 'name').HostConfig).toMatchObject({
    CpusetCpus: '1,3',
    Memory: 2 ** 29,
    MemorySwap: 2 ** 29,
  });
});

test('variables and labels of the image are no differences, ours must be there', () => {
  const more = { Env: ['PATH=/bin', 'HOST=0.0.0.0', 'PORT=8080'], Labels: { owner: 'me', maker: 'them' } };
  expect(profileDifferences(request, exact({ Config: more }))).toEqual([]);
  expect(profileDifferences(request, exact({ Config: { Env: ['HOST=0.0.0.0'] } }))).toHaveLength(1);
});

test.each(profileKeys(request).map(({ key }) => key))('%s is asserted: another value is a difference', (key) => {
  const [section = '', field = ''] = key.split('.');
  const differences = profileDifferences(request, exact({ [section]: { [field]: { something: 'else' } } }));
  expect(differences).toHaveLength(1);
  expect(differences[0]).toContain(`${key} is {"something":"else"}, not `);
});

test('a volume that the image declares is a difference', () => {
  const Mounts = [{ Type: 'volume', Destination: '/data' }];
  expect(profileDifferences(request, exact({ Mounts }))).toEqual(['/data is mounted (volume)']);
});
