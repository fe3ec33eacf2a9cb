import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Analysis } from '@photofinish/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, photofinish, ResultsFolder } from './harness.ts';

const results = new ResultsFolder();
let quick: Ended;

beforeAll(async () => {
  quick = await photofinish([
    'quick',
    '--targets',
    'node/cluster',
    '--blocks',
    '1',
    '--seed',
    '7',
    '--out',
    results.path,
    '--json',
  ]);
}, 300_000);
afterAll(() => results[Symbol.dispose]());

const document = () =>
  JSON.parse(quick.stdout) as { folder: string; page: string; problems: unknown[]; analysis: unknown };

describe('quick', () => {
  test('measures real servers, and ends with 0, or with 4 where a noisy machine made trials invalid', () => {
    expect([0, 4], quick.stderr).toContain(quick.code);
  });

  test('prints exactly one JSON document on standard output, and the analysis in it fits its schema', () => {
    const analysis = Analysis.parse(document().analysis);
    expect(analysis.comparisons.map(({ id }) => id)).toEqual(['timer', 'spin-one-core', 'spin-all-cores']);
    expect(analysis.targets.map(({ targetId }) => targetId)).toEqual(['node/async-await', 'node/cluster']);
  });

  test('accounts for every planned trial in a state with a cause', () => {
    const { trials, states } = Analysis.parse(document().analysis);
    expect(new Set(trials.map(({ trialId }) => trialId)).size).toBe(9);
    expect(Object.values(states).reduce((sum, count) => sum + count, 0)).toBe(9);
    for (const trial of trials) expect(trial.state === 'ok' || trial.cause !== null, trial.trialId).toBe(true);
  });

  test('answers within physics: never more than connections over the wait', () => {
    for (const trial of Analysis.parse(document().analysis).trials) {
      if (trial.comparisonId === 'timer' && trial.throughput !== null)
        expect(trial.throughput).toBeLessThan((256 / 0.05) * 1.06);
    }
  });

  test('writes a page that stands alone', () => {
    const page = readFileSync(document().page, 'utf8');
    expect(page).toContain('<!doctype html>');
    expect(page).not.toMatch(/<(?:script|link|img)[^>]+(?:src|href)="https?:/);
  });

  test('gives no verdict from one block', () => {
    const { comparisons } = Analysis.parse(document().analysis);
    for (const { verdicts } of comparisons)
      expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['no-verdict']));
  });
});

describe('report', () => {
  test('makes the same analysis anew from the files alone', async () => {
    const again = await photofinish(['report', results.run, '--json']);
    expect(again.code).toBe(quick.code);
    expect((JSON.parse(again.stdout) as { analysis: unknown }).analysis).toEqual(document().analysis);
  });

  test('shows the same verdicts on the terminal', async () => {
    const { stdout } = await photofinish(['report', results.run]);
    for (const sentence of Analysis.parse(document().analysis).sentences.slice(0, 1)) {
      expect(stdout.replace(/\s+/g, ' ')).toContain(sentence.replace(/\s+/g, ' ').slice(0, 60));
    }
    expect(stdout).toContain('report.html');
  });

  test('names a damaged record by its path, shows the rest, and ends with 7', async () => {
    const trial = join(results.run, 'trials', readdirSync(join(results.run, 'trials'))[0] ?? '', 'attempt-1.json');
    const original = readFileSync(trial);
    appendFileSync(trial, 'x');
    try {
      const { code, stdout, stderr } = await photofinish(['report', results.run]);
      expect(code).toBe(7);
      expect(stderr).toContain('attempt-1.json');
      expect(stdout).toContain('node/cluster');
      expect(existsSync(trial)).toBe(true);
    } finally {
      writeFileSync(trial, original);
    }
  });

  test('refuses a folder that holds no run', async () => {
    const { code, stderr } = await photofinish(['report', '/nowhere/at/all', '--out', results.path]);
    expect(code).toBe(2);
    expect(stderr).toContain('E_NO_SUCH_RUN');
  });
});
