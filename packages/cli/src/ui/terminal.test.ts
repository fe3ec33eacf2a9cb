import { EnvironmentError } from '@photofinish/schema';
import { createColors } from 'picocolors';
import { describe, expect, test } from 'vitest';
import type { Terminal } from '../terminal.ts';
import { coloursFor } from './colours.ts';
import { duration } from './duration.ts';
import { errorJson, errorText } from './error-text.ts';
import { Steps } from './steps.ts';

const plain = createColors(false);

function terminal(interactive = false): Terminal & { printed: string } {
  const seen = { printed: '' };
  return Object.assign(seen, {
    out: () => {},
    err: (text: string) => {
      seen.printed += text;
    },
    interactive,
    columns: 80,
    outColours: plain,
    errColours: plain,
  });
}

test.each([
  [0.04, '0.0 s'],
  [9.94, '9.9 s'],
  [12.4, '12 s'],
  [59.6, '1 min 00 s'],
  [185, '3 min 05 s'],
])('%s seconds read %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

describe('an error', () => {
  const error = new EnvironmentError('E_NO_GO', {
    what: 'go was not found',
    where: 'PATH',
    given: 'two\nlines',
    remedy: 'install it',
  });

  test('says what, where, given and the remedy, and shows no stack', () => {
    const text = errorText(error, plain);
    expect(text).toContain('photofinish: Go was not found [E_NO_GO]');
    expect(text).toMatch(/where {3}PATH\n {2}given {3}two\n {10}lines\n {2}remedy {2}install it/);
    expect(text).not.toContain(' at ');
  });

  test('that is a bug shows its stack', () => {
    expect(errorText(new TypeError('oops'), plain)).toMatch(/bug in Photofinish[\s\S]*TypeError: oops[\s\S]*at /);
  });

  test('as JSON carries its exit code', () => {
    expect(errorJson(error, 3)).toMatchObject({ error: { code: 'E_NO_GO', remedy: 'install it', exitCode: 3 } });
  });
});

describe('a long step', () => {
  test('is two plain lines where no terminal is', async () => {
    const screen = terminal();
    expect(await new Steps(screen).step('Building', 40, async () => 7)).toBe(7);
    expect(screen.printed).toMatch(/^> Building \.\.\. \(up to 40 s when nothing is cached\)\nok Building \(.* s\)\n$/);
  });

  test('that fails says so and lets the error through', async () => {
    const screen = terminal(true);
    await expect(
      new Steps(screen).step('Building', 40, async () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(screen.printed).toContain('failed Building');
  });
});

describe('colour', () => {
  test.each([
    ['a terminal', { isTTY: true }, {}, true, true],
    ['a pipe', {}, {}, true, false],
    ['a terminal with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, true, false],
    ['a terminal with --no-color', { isTTY: true }, {}, false, false],
    ['a pipe with FORCE_COLOR', {}, { FORCE_COLOR: '1' }, true, true],
  ])('on %s', (_what, stream, environment, wanted, coloured) => {
    expect(coloursFor(stream, environment, wanted).isColorSupported).toBe(coloured);
  });
});
