import { EnvironmentError } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { endpoints, endpointText } from './endpoint.ts';

const of = (environment: Record<string, string>, dockerHost?: string) =>
  endpoints({ environment, home: '/home/a', ...(dockerHost === undefined ? {} : { dockerHost }) });

const secure = { DOCKER_TLS_VERIFY: '1' };

describe('the endpoint of a container engine', () => {
  test('is, when nobody says, the first usual socket that answers: of root, of the user, of Podman', () => {
    expect(of({}).map(endpointText)).toEqual(['unix:///var/run/docker.sock', 'unix:///run/podman/podman.sock']);
    expect(of({ XDG_RUNTIME_DIR: '/run/user/7', DOCKER_HOST: '' }).map(endpointText)).toEqual([
      'unix:///var/run/docker.sock',
      'unix:///run/user/7/docker.sock',
      'unix:///run/user/7/podman/podman.sock',
      'unix:///run/podman/podman.sock',
    ]);
  });

  test.each([
    [{}, 'unix:///a/b.sock', { kind: 'unix', path: '/a/b.sock' }],
    [{}, 'unix://', { kind: 'unix', path: '/var/run/docker.sock' }],
    [{}, 'tcp://127.0.0.1:2375', { kind: 'tcp', host: '127.0.0.1', port: 2375 }],
    [{}, 'tcp://[::1]', { kind: 'tcp', host: '::1', port: 2375 }],
    [secure, 'tcp://lab.example', { kind: 'tls', host: 'lab.example', port: 2376, certificates: '/home/a/.docker' }],
    [
      { ...secure, DOCKER_CERT_PATH: '/c' },
      'tcp://[fd00::2]:7000',
      { kind: 'tls', host: 'fd00::2', port: 7000, certificates: '/c' },
    ],
    [{}, 'ssh://lab', { kind: 'ssh', destination: 'lab', port: null, socket: '/var/run/docker.sock' }],
    [
      {},
      'ssh://ann@lab.example:2222/run/user/7/docker.sock',
      { kind: 'ssh', destination: 'ann@lab.example', port: 2222, socket: '/run/user/7/docker.sock' },
    ],
  ])('with %j and %s is %j', (environment, address, expected) => {
    expect(of({ ...environment, DOCKER_HOST: address })).toEqual([expected]);
    expect(of({ ...environment, DOCKER_HOST: 'unix:///other' }, address)).toEqual([expected]);
  });

  test.each([
    ['ssh://-oProxyCommand=touch%20x', 'E_ENGINE_ADDRESS'],
    ['ssh://-lroot@lab', 'E_ENGINE_ADDRESS'],
    ['ssh://lab -oProxyCommand=x', 'E_ENGINE_ADDRESS'],
    ['ssh://la b', 'E_ENGINE_ADDRESS'],
    ['ssh://lab/run/a b.sock', 'E_ENGINE_ADDRESS'],
    ['ssh://ann:secret@lab', 'E_ENGINE_ADDRESS'],
    ['tcp://-x:2375', 'E_ENGINE_ADDRESS'],
    ['tcp://lab:2375/path', 'E_ENGINE_ADDRESS'],
    ['npipe:////./pipe/docker_engine', 'E_ENGINE_ADDRESS'],
    ['lab:2375', 'E_ENGINE_ADDRESS'],
    ['tcp://lab:2375', 'E_ENGINE_PLAINTEXT'],
    ['tcp://lab:2376', 'E_ENGINE_PLAINTEXT'],
    ['tcp://127.0.0.1.example:2375', 'E_ENGINE_PLAINTEXT'],
    ['tcp://198.18.0.2:2375', 'E_ENGINE_PLAINTEXT'],
  ])('is refused when it is %s', (address, code) => {
    expect(() => of({ DOCKER_HOST: address })).toThrow(EnvironmentError);
    expect(() => of({ DOCKER_HOST: address })).toThrow(expect.objectContaining({ code, given: address }));
  });
});
