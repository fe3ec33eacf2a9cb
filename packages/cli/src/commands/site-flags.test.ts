import { UsageError } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { siteChoice } from './site-flags.ts';

describe('the flags that say where servers live', () => {
  test.each([
    [{ engine: 'local' }, { engine: 'local', network: null }],
    [{ engine: 'docker' }, { engine: 'docker', network: null }],
    [
      { engine: 'docker', network: 'host' },
      { engine: 'docker', network: 'host' },
    ],
  ])('%j are understood', (options, choice) => {
    expect(siteChoice(options)).toEqual(choice);
  });

  test.each([
    [{ engine: 'dokcer' }, 'Did you mean docker?'],
    [{ engine: 'docker', network: 'brigde' }, 'Did you mean bridge?'],
    [{ engine: 'local', network: 'host' }, 'add --engine docker'],
  ])('%j are refused with what was meant', (options, remedy) => {
    expect(() => siteChoice(options)).toThrow(UsageError);
    try {
      siteChoice(options);
    } catch (error) {
      expect((error as UsageError).remedy).toContain(remedy);
    }
  });
});
