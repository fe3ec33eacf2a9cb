import { EnvironmentError, type PhotofinishError } from '@photofinish/schema';
import { expect, test } from 'vitest';
import { engineError } from './errors.ts';

/** An answer of the engine as docker-modem gives it. */
const answer = (statusCode: number, message: string) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) unexpected - ${message} `), { statusCode, json: { message } });

// What Docker 20.10.24 answers, word for word but for ids and paths.
test.each([
  [
    'E_IMAGE_MISSING',
    'environment',
    404,
    'No such image: sha256:0000000000000000000000000000000000000000000000000000000000000000',
  ],
  ['E_ENGINE_DISK_FULL', 'environment-lost', 500, 'mkdir /data/overlay2/3a2f: no space left on device'],
  [
    'E_ADDRESS_POOL',
    'environment',
    404,
    'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
  ],
  [
    'E_PORTS_EXHAUSTED',
    'environment',
    500,
    'driver failed programming external connectivity on endpoint one (a5577c24): Bind for 127.0.0.1:32772 failed: port is already allocated',
  ],
  [
    'E_PORTS_EXHAUSTED',
    'environment',
    500,
    'driver failed programming external connectivity on endpoint one (a5577c24): all ports are allocated',
  ],
  [
    'E_PUBLISHED_ADDRESS',
    'environment',
    500,
    'driver failed programming external connectivity on endpoint one (a5577c24): Error starting userland proxy: listen tcp4 203.0.113.1:0: bind: cannot assign requested address',
  ],
  ['E_CORES_ABSENT', 'environment', 400, 'Requested CPUs are not available - requested 4095, available: 0-1'],
  [
    'E_IMAGE_UNSUITABLE',
    'environment',
    400,
    'OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "/usr/local/bin/photofinish-native": stat /usr/local/bin/photofinish-native: no such file or directory: unknown',
  ],
  [
    'E_ENGINE_LIMITS',
    'environment',
    400,
    'OCI runtime create failed: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted: unknown',
  ],
  ['E_ENGINE_REFUSED', 'environment', 500, 'something new'],
])('%s (%s) is what the answer %i means: %s', (code, kind, status, message) => {
  const error = engineError(answer(status, message), 'starting go/goroutines') as PhotofinishError;
  expect({ code: error.code, kind: error.kind, given: error.given }).toEqual({ code, kind, given: message });
});

test.each(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE'])(
  'a connection that ends in %s is a lost engine',
  (code) => {
    const error = engineError(Object.assign(new Error(`connect ${code}`), { code }), 'starting go/goroutines');
    expect(error).toMatchObject({
      code: 'E_ENGINE_LOST',
      kind: 'environment-lost',
      what: expect.stringContaining('starting go/goroutines'),
    });
  },
);

test('errors of our own and mistakes in the code pass as they are', () => {
  const own = new EnvironmentError('E_IMAGE_MISSING', { what: 'it', remedy: 'that' });
  const mistake = new TypeError('undefined is not a function');
  expect(engineError(own, 'starting')).toBe(own);
  expect(engineError(mistake, 'starting')).toBe(mistake);
});
