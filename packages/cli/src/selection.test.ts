import { fileURLToPath } from 'node:url';
import { readRuntimes } from '@photofinish/engines';
import { findExperiment } from '@photofinish/experiments';
import { describe, expect, test } from 'vitest';
import { chooseTargets, coreNumbers, requireTarget, wholeNumber } from './selection.ts';

const runtimes = await readRuntimes(fileURLToPath(new URL('../../../runtimes', import.meta.url)));
const quick = findExperiment('quick');

describe('the choice of targets', () => {
  test('is the default of the experiment, or all of it', () => {
    const { defaultTargets: targetIds, alias } = quick;
    expect(chooseTargets(quick, runtimes, {})).toEqual({ targetIds, named: false, alias });
    expect(chooseTargets(quick, runtimes, { all: true }).targetIds).toHaveLength(8);
  });

  test('puts the baseline beside those named, once', () => {
    const choice = chooseTargets(quick, runtimes, { targets: 'go/goroutines, node/async-await,go/goroutines' });
    expect(choice).toMatchObject({ targetIds: ['node/async-await', 'go/goroutines'], named: true });
  });

  test.each(['go/goroutines', 'rotating'])('takes %s for the A/A alias', (alias) => {
    expect(chooseTargets(quick, runtimes, { targets: 'go/goroutines', alias }).alias).toBe(alias);
  });

  test('refuses an A/A alias that is not measured, with the nearest that is', () => {
    expect(() => chooseTargets(quick, runtimes, { targets: 'go/goroutines', alias: 'go/goroutine' })).toThrow(
      expect.objectContaining({ code: 'E_UNKNOWN_TARGET', remedy: 'Did you mean --alias go/goroutines?' }),
    );
  });

  test('every target of the experiment has a runtime', () => {
    for (const targetId of quick.allTargets) expect(requireTarget(targetId, runtimes)).toBe(targetId);
  });

  test.each([
    ['python/thread', 'python/threads'],
    ['goroutines', 'go/goroutines'],
    ['Java/virtual-threads', 'java/virtual-threads'],
  ])('names the nearest valid target for %s', (typed, meant) => {
    expect(() => requireTarget(typed, runtimes)).toThrow(
      expect.objectContaining({ code: 'E_UNKNOWN_TARGET', remedy: `Did you mean ${meant}?` }),
    );
  });
});

test.each([
  ['0', [0]],
  ['0,2-4', [0, 2, 3, 4]],
  ['3-3', [3]],
])('the cores %s are %j', (text, cores) => {
  expect(coreNumbers(text)).toEqual(cores);
});

test.each(['', 'all', '1-', '-1', '1;2', '3-1', '0x1'])('%j is no list of cores', (text) => {
  expect(() => coreNumbers(text)).toThrow(expect.objectContaining({ code: 'E_OPTION' }));
});

test.each(['', '-1', '1.5', '1e3', 'ten', '11'])('%j is no whole number from 0 to 10', (text) => {
  expect(() => wholeNumber('--blocks', text, 0, 10)).toThrow(
    expect.objectContaining({ given: text, allowed: '0 to 10' }),
  );
});
