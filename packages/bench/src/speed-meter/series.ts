import { join } from 'node:path';
import type { NativeCore } from '@photofinish/loadgen';
import { MeterReport } from '@photofinish/schema';
import { execa } from 'execa';
import { z } from 'zod';

/** A loop that is measured while the meter looks on. */
export interface Loop {
  readonly id: string;
  readonly title: string;
  readonly command: readonly string[];
  /** Steps of a first look, from which those of a window of a second follow. */
  readonly steps: number;
}

/** One window of a loop: when it began and ended (CLOCK_MONOTONIC) and its processor time, seconds. */
type Window = readonly [begun: number, ended: number, used: number];

/** The canaries that look on, each a meter of its own: its name, and its timed operations where they are not the usual ones. */
export const canaries: readonly (readonly [name: string, operations?: number])[] = [
  ['interpreter'],
  ['interpreter', 8000],
  ['interpreter', 80_000],
  ['varying'],
  ['chain'],
  ['multiply'],
  ['chase'],
];

/** What one series gave: the windows, and by canary the mean burst of each window, seconds; null where no burst fell into it. */
export interface Series {
  readonly loop: string;
  readonly contention: boolean;
  readonly windows: readonly Window[];
  readonly canaries: Readonly<Record<string, readonly (number | null)[]>>;
}

/** What the meter prints with `--each`. */
const EachBurst = MeterReport.extend({
  cores: z.array(z.object({ bursts: z.array(z.tuple([z.number(), z.number()])) })),
});

const measuredCore = '1';
const otherCore = '0';

async function windowsOf({ command }: Loop, windows: number, steps: number): Promise<Window[]> {
  const { stdout } = await execa('taskset', ['-c', measuredCore, ...command, String(windows), String(steps)]);
  return stdout.split('\n').map((line) => {
    const [begun = Number.NaN, ended = Number.NaN, used = Number.NaN] = line.split(' ').map(Number);
    return [begun, ended, used];
  });
}

/** Meters one core with all canaries until it is disposed of; then tells their bursts. */
function startMeters(core: NativeCore, seconds: number) {
  const meters = canaries.map(([name, operations]) => {
    const work = ['--canary', name, ...(operations === undefined ? [] : ['--operations', String(operations)])];
    const meter = execa(core.path, ['meter', '--cores', measuredCore, '--each', '--seconds', String(seconds), ...work]);
    return { name: operations === undefined ? name : `${name}, ${operations} operations`, meter };
  });
  return async () =>
    await Promise.all(
      meters.map(async ({ name, meter }) => {
        const { stdout } = await meter;
        return [name, EachBurst.parse(JSON.parse(stdout)).cores[0]?.bursts ?? []] as const;
      }),
    );
}

/** Measures so many windows of a loop of about a second each, beside made neighbours where they are asked for. */
export async function measureSeries(
  loop: Loop,
  { core, windows, contention, folder }: { core: NativeCore; windows: number; contention: boolean; folder: string },
): Promise<Series> {
  const first = await windowsOf(loop, 4, loop.steps);
  const steps = Math.round(loop.steps / Math.min(...first.map(([, , used]) => used)));
  // Neighbours make a second of processor time longer: the meters stay until the last window is over.
  const length = windows * (contention ? 1.6 : 1.25) + 2;
  const bursts = startMeters(core, length);
  const neighbours = contention
    ? [
        [measuredCore, 'beside'],
        [otherCore, 'around'],
      ].map(([core = '', place = '']) =>
        execa('taskset', ['-c', core, join(folder, 'contention'), String(length), '5', place]),
      )
    : [];
  const measured = await windowsOf(loop, windows, steps);
  const read = await bursts();
  await Promise.all(neighbours);
  return {
    loop: loop.id,
    contention,
    windows: measured,
    canaries: Object.fromEntries(
      read.map(([name, all]) => [
        name,
        measured.map(([begun, ended]) =>
          meanOf(all.flatMap(([at, took]) => (at >= begun && at < ended ? [took] : []))),
        ),
      ]),
    ),
  };
}

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
