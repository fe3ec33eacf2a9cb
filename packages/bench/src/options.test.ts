import { UsageError } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { readOptions } from './options.ts';

const options = (...args: string[]) => readOptions(['--cores', '0,1', ...args], '/project');

describe('the options', () => {
  test('are those of a whole comparison when none is given', () => {
    expect(options()).toMatchObject({
      parts: ['null-closed', 'null-open', 'stall-open', 'stall-closed'],
      peers: ['wrk', 'h2load', 'oha', 'vegeta', 'k6', 'autocannon'],
      pairs: 20,
      repetitions: 30,
      peerRepetitions: 3,
      folder: '/project/.photofinish/bench',
      isWriting: false,
    });
  });

  test('choose parts and peers', () => {
    expect(options('--only', 'null-open,stall-open', '--peers', 'oha')).toMatchObject({
      parts: ['null-open', 'stall-open'],
      peers: ['oha'],
    });
  });

  test.each([
    [['--only', 'nul-open'], 'null-open'],
    [['--peers', 'wrk,hoa'], 'oha'],
    [['--pairs', '1'], '--pairs 2'],
    [['--seconds', '0.5'], '--seconds 1'],
    [['--cores', '1,1'], '0,1'],
    [['--cores', '0'], '0,1'],
    [['--sizes', '3'], '--help'],
  ])('%j is refused with what would do', (args, remedy) => {
    try {
      options(...args);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      expect((error as UsageError).remedy).toContain(remedy);
    }
  });
});
