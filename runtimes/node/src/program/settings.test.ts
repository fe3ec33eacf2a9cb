import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { environment } from '../../test/target.ts';
import { Refusal } from './refusal.ts';
import { readSettings } from './settings.ts';

const good = environment('async-await');

const refusal = (changes: Record<string, string | undefined>): string => {
  try {
    readSettings({ ...good, ...changes }, 'async-await');
  } catch (error) {
    assert.ok(error instanceof Refusal);
    assert.equal(error.exitCode, 2);
    return error.message;
  }
  return 'accepted';
};

describe('the settings', () => {
  const bad: readonly (readonly [name: string, value: string, message: string])[] = [
    ['HOST', 'localhost', 'HOST must be an IPv4 address, not "localhost"'],
    ['HOST', '::1', 'HOST must be an IPv4 address, not "::1"'],
    ['PORT', '65536', 'PORT must be a whole number from 0 to 65535, not "65536"'],
    ['PORT', '80a', 'PORT must be a whole number from 0 to 65535, not "80a"'],
    ['MODEL', 'cluster', 'MODEL must be "async-await", the model started, not "cluster"'],
    ['TRIAL_NONCE', 'x'.repeat(201), `TRIAL_NONCE must be at most 200 characters long, not "${'x'.repeat(201)}"`],
    ['CORES', '0', 'CORES must be a whole number from 1 to 1024, not "0"'],
    ['CORES', '1.5', 'CORES must be a whole number from 1 to 1024, not "1.5"'],
    ['THREADS', '-1', 'THREADS must be a whole number from 1 to 100000, not "-1"'],
    ['CPU_POOL', '', 'CPU_POOL is missing'],
    ['DATA_DIR', '/nowhere', 'DATA_DIR must be a folder with payload.json, not "/nowhere"'],
  ];
  for (const [name, value, message] of bad) {
    it(`refuse ${name}=${value.slice(0, 12)}`, () => assert.equal(refusal({ [name]: value }), message));
  }

  it('name every problem in one line', () => {
    assert.equal(
      refusal({ HOST: undefined, PORT: undefined, CORES: undefined }),
      'HOST is missing; PORT is missing; CORES is missing',
    );
  });

  it('hold what the environment says', () => {
    const { payloadFile, ...settings } = readSettings(good, 'async-await');
    assert.deepEqual(settings, {
      host: '127.0.0.1',
      port: 0,
      model: 'async-await',
      nonce: 'nonce "1"',
      cores: 2,
      threads: 8,
      cpuPool: 2,
    });
    assert.match(payloadFile, /\/payload\.json$/);
  });
});
