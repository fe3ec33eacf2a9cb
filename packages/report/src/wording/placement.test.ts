import { bytes } from '@photofinish/schema';
import { expect, test } from 'vitest';
import { engineText, placementText } from './placement.ts';

const limits = { memoryBytes: bytes(2 ** 31), pids: 4096, openFiles: 65_536 };
const account = {
  id: 'docker' as const,
  version: 'Docker 29.1.0',
  rootless: false,
  cgroupDriver: 'systemd',
  securityOptions: ['seccomp'],
  roundTripSeconds: null,
};

test.each([
  [
    { network: 'loopback', topology: 'same-host', limits: null } as const,
    'processes on the load generator’s host, reached over loopback, limited in cores alone',
  ],
  [
    { network: 'published', topology: 'two-host', limits } as const,
    'containers on a host of their own, reached through a published port, limited to 2,048 MiB without swap, 4,096 processes and threads, 65,536 open files',
  ],
])('a placement is told in one sentence', (placement, text) => {
  expect(placementText(placement)).toBe(text);
});

test('an engine is told with what it is and how far its host is', () => {
  expect(engineText(account)).toBe('Docker 29.1.0, as root, control groups by systemd, seccomp');
  expect(engineText({ ...account, roundTripSeconds: 0.000_213 })).toContain('round trip to its host 213 µs');
});

test('local processes have no engine to tell of', () => {
  expect(engineText({ ...account, id: 'local', version: null })).toBeNull();
});
