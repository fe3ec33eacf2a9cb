import { join } from 'node:path';
import { hostKeyOf, readHost } from '@photofinish/probes';
import { CalmLevels, type MeterReport, type SpeedReading } from '@photofinish/schema';
import { readBootId } from '@photofinish/store';
import { readStateFile, writeStateFile } from './state-file.ts';

/** Where the calm levels of a host lie: beside the project's other state of this machine, never in results. */
export const calmLevelsPath = (root: string, hostKey: string): string =>
  join(root, '.photofinish', 'calm', `${hostKey}.json`);

/** Bursts from which a mean may become a calm level: the mean of fewer is low by chance. */
const enoughBursts = 20;

/**
 * Bursts of the core's own length that take longer than this, seconds, are too long here: the longer a burst, the longer the gap after it that
 * keeps the meter's share, and the fewer bursts a window has. Some processors need 75 us, others 210 to 230.
 */
const longestBurst = 150e-6;
/** Timed operations of a burst on such a processor: a quarter of the core's own (docs/instrument.md, which canary). */
const fewerOperations = 8000;

/** The calm levels of the cores of this host since it was started: the best mean of a window, or of a look at idle cores. */
export class CalmBook {
  private readonly path: string;
  private levels: CalmLevels;
  private isSaved = true;

  constructor(path: string, levels: CalmLevels) {
    this.path = path;
    this.levels = levels;
  }

  /** Timed operations of the bursts to ask for, the same for a whole boot; null: what the core takes by itself. */
  get operations(): number | null {
    const told = /-(\d+)$/.exec(this.levels.canary)?.[1];
    return told === undefined ? null : Number(told);
  }

  /** A reading of the meter over the calm levels, which it lowers where it was calmer itself; null where a core has no burst. */
  speedOf({ canary, cores }: MeterReport): SpeedReading | null {
    if (cores.some(({ meanSeconds }) => meanSeconds === 0)) return null;
    this.learn(canary, cores);
    return {
      canary,
      cores: cores.map(({ core, meanSeconds, share, seconds }) => {
        const calmSeconds = this.levelOf(core) ?? meanSeconds;
        const series = seconds.map((one) => ({
          second: one.second,
          bursts: one.bursts,
          ratio: one.meanSeconds / calmSeconds,
        }));
        return { core, calmSeconds, ratio: meanSeconds / calmSeconds, series, meterShare: share };
      }),
    };
  }

  /** Writes the levels, when something was learnt since they were written last. */
  async save(): Promise<void> {
    if (this.isSaved) return;
    await writeStateFile(this.path, this.levels);
    this.isSaved = true;
  }

  private levelOf(core: number): number | undefined {
    return this.levels.cores.find((known) => known.core === core)?.calmSeconds;
  }

  private learn(canary: string, read: MeterReport['cores']): void {
    const isFirst = this.levels.canary === '';
    if (canary !== this.levels.canary) this.levels = { ...this.levels, canary, cores: [] };
    if (isFirst && read.every(({ meanSeconds }) => meanSeconds > longestBurst)) {
      this.levels = { ...this.levels, canary: canary.replace(/\d+$/, String(fewerOperations)) };
      this.isSaved = false;
      return;
    }
    for (const { core, meanSeconds, seconds } of read) {
      const bursts = seconds.reduce((sum, one) => sum + one.bursts, 0);
      if (bursts < enoughBursts || meanSeconds >= (this.levelOf(core) ?? Number.POSITIVE_INFINITY)) continue;
      const others = this.levels.cores.filter((known) => known.core !== core);
      const cores = [...others, { core, calmSeconds: meanSeconds }].sort((one, other) => one.core - other.core);
      this.levels = { ...this.levels, cores };
      this.isSaved = false;
    }
  }
}

/** The calm levels of this host as this boot has seen them; none yet after another boot, or where the file cannot be read by this version. */
export async function openCalmLevels(root: string): Promise<CalmBook> {
  const hostKey = hostKeyOf(await readHost(), 'local');
  const bootId = await readBootId();
  const path = calmLevelsPath(root, hostKey);
  const read = CalmLevels.safeParse(await readStateFile(path));
  const isOfThisBoot = read.success && read.data.bootId === bootId && read.data.hostKey === hostKey;
  return new CalmBook(path, isOfThisBoot ? read.data : { schemaVersion: 1, hostKey, bootId, canary: '', cores: [] });
}
