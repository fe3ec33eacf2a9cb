import { describe, expect, test } from 'vitest';
import { readAddress } from './address.ts';

describe('the address of a load', () => {
  test.for([
    ['http://127.0.0.1:8080/a?b=c', { host: '127.0.0.1', port: 8080, path: '/a?b=c' }],
    ['http://127.0.0.1', { host: '127.0.0.1', port: 80, path: '/', authority: '127.0.0.1' }],
    ['127.0.0.2:9000/x', { host: '127.0.0.2', port: 9000, path: '/x', authority: '127.0.0.2:9000' }],
    ['localhost:9000', { host: '127.0.0.1', port: 9000, path: '/', authority: 'localhost:9000' }],
  ] as const)('is read from %s', async ([text, address]) => {
    expect(await readAddress(text)).toMatchObject(address);
  });

  test.for([
    ['https://127.0.0.1/', 'E_HTTPS', 'usage'],
    ['ftp://127.0.0.1/', 'E_URL', 'usage'],
    ['http://', 'E_URL', 'usage'],
    ['', 'E_URL', 'usage'],
    ['http://[::1]:80/', 'E_UNKNOWN_HOST', 'environment'],
    ['http://name.invalid/', 'E_UNKNOWN_HOST', 'environment'],
  ] as const)('%s is refused with %s', async ([text, code, kind]) => {
    await expect(readAddress(text)).rejects.toMatchObject({ code, kind });
  });
});
