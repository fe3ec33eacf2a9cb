import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CalmLevels, MeterReport } from '@photofinish/schema';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CalmBook, calmLevelsPath, openCalmLevels } from './calm-levels.ts';
import { readStateFile } from './state-file.ts';

const hostKey = 'hk1-0123456789abcdef';
const nothing: CalmLevels = { schemaVersion: 1, hostKey, bootId: 'this boot', canary: '', cores: [] };

/** What the meter reads of cores whose bursts took so many microseconds. */
const report = (bursts: number, microseconds: readonly number[], canary = 'interpreter-1'): MeterReport => ({
  canary,
  cores: microseconds.map((each, core) => {
    const meanSeconds = each / 1e6;
    return {
      core,
      calmSeconds: meanSeconds,
      share: 0.004,
      meanSeconds,
      ratio: 1,
      seconds: meanSeconds === 0 ? [] : [{ second: 0, bursts, meanSeconds, ratio: 1 }],
    };
  }),
});

describe('calm levels', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'photofinish-calm-'));
  });
  afterEach(async () => await rm(root, { recursive: true }));

  const book = () => new CalmBook(calmLevelsPath(root, hostKey), nothing);
  const ratios = (one: CalmBook, read: MeterReport) =>
    one.speedOf(read)?.cores.map(({ ratio }) => Math.round(ratio * 1000) / 1000);

  test('are the best seen of each core, from enough bursts and of the same canary', () => {
    const one = book();
    expect(ratios(one, report(50, [100, 200]))).toEqual([1, 1]);
    expect(ratios(one, report(50, [110, 190]))).toEqual([1.1, 1]);
    expect(ratios(one, report(5, [50, 209]))).toEqual([0.5, 1.1]);
    expect(ratios(one, report(50, [100, 190]))).toEqual([1, 1]);
    expect(ratios(one, report(50, [300, 300], 'another'))).toEqual([1, 1]);
  });

  test('are of shorter bursts for a whole boot where the first ones take too long', () => {
    const one = book();
    expect(one.operations).toBeNull();
    expect(ratios(one, report(50, [230, 210], 'interpreter-32000'))).toEqual([1, 1]);
    expect(one.operations).toBe(8000);
    expect(ratios(one, report(50, [60, 56], 'interpreter-8000'))).toEqual([1, 1]);
    expect(ratios(one, report(50, [66, 56], 'interpreter-8000'))).toEqual([1.1, 1]);
    expect(ratios(one, report(50, [180, 180], 'interpreter-8000'))).toEqual([3, 3.214]);
    expect(one.operations).toBe(8000);
    const other = book();
    other.speedOf(report(50, [76, 77], 'interpreter-32000'));
    other.speedOf(report(50, [230, 230], 'interpreter-32000'));
    expect(other.operations).toBe(32_000);
  });

  test('tell nothing of a core without a burst', () => {
    expect(book().speedOf(report(50, [100, 0]))).toBeNull();
  });

  test('are written when something was learnt, and nothing else is left behind', async () => {
    const one = book();
    await one.save();
    expect(await readdir(root)).toEqual([]);
    one.speedOf(report(50, [100]));
    await one.save();
    const path = calmLevelsPath(root, hostKey);
    expect(await readStateFile(path)).toEqual({
      ...nothing,
      canary: 'interpreter-1',
      cores: [{ core: 0, calmSeconds: 100e-6 }],
    });
    expect(await readdir(dirname(path))).toEqual([`${hostKey}.json`]);
  });

  test('of this host are found again within a boot', async () => {
    const first = await openCalmLevels(root);
    first.speedOf(report(50, [100]));
    await first.save();
    expect(ratios(await openCalmLevels(root), report(50, [130]))).toEqual([1.3]);
  });
});
