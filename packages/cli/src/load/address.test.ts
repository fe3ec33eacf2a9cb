import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { endpointOf, firstListening, readAddress } from './address.ts';

describe('the address of a load', () => {
  test.for([
    ['http://127.0.0.1:8080/a?b=c', { host: '127.0.0.1', port: 8080, path: '/a?b=c' }],
    ['http://127.0.0.1', { host: '127.0.0.1', port: 80, path: '/', authority: '127.0.0.1' }],
    ['127.0.0.2:9000/x', { host: '127.0.0.2', port: 9000, path: '/x', authority: '127.0.0.2:9000' }],
    ['http://[::1]:8080/', { host: '::1', port: 8080, path: '/', authority: '[::1]:8080' }],
    ['localhost:9000', { host: '127.0.0.1', port: 9000, path: '/', authority: 'localhost:9000' }],
  ] as const)('is read from %s', async ([text, address]) => {
    expect(await readAddress(text)).toMatchObject(address);
  });

  test.for([
    ['https://127.0.0.1/', 'E_HTTPS', 'usage'],
    ['ftp://127.0.0.1/', 'E_URL', 'usage'],
    ['http://', 'E_URL', 'usage'],
    ['', 'E_URL', 'usage'],
    ['http://name.invalid/', 'E_UNKNOWN_HOST', 'environment'],
  ] as const)('%s is refused with %s', async ([text, code, kind]) => {
    await expect(readAddress(text)).rejects.toMatchObject({ code, kind });
  });

  test('of several addresses is the first that accepts a connection, and the first of all where none does', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.2', resolve));
    const address = server.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    expect(await firstListening(['127.0.0.1', '127.0.0.2'], port)).toBe('127.0.0.2');
    await new Promise((resolve) => server.close(resolve));
    expect(await firstListening(['127.0.0.1', '127.0.0.2'], port)).toBe('127.0.0.1');
  });

  test('is one word with its port', () => {
    expect(endpointOf({ host: '127.0.0.1', port: 80 })).toBe('127.0.0.1:80');
    expect(endpointOf({ host: '::1', port: 80 })).toBe('[::1]:80');
  });
});
