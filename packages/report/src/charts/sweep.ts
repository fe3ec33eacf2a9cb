import type { Analysis, CoreSweep, SweepLevel } from '@photofinish/schema';
import type { ColourName } from '../colour/palette.ts';
import { counted, range, significant } from '../wording/number.ts';
import type { Mark } from './chart.ts';
import { absenceOf, cellOf } from './rows.ts';

/** A place on the two axes of a sweep. */
export interface CurvePoint {
  readonly cores: number;
  readonly speedup: number;
}

/** One target of a sweep. A panel without marks says why. */
export interface SweepPanel {
  readonly targetId: string;
  readonly colour: ColourName;
  readonly modelIndex: number;
  readonly marks: readonly (Mark & { readonly cores: number })[];
  /** The fitted law; empty where none is fitted. */
  readonly curve: readonly CurvePoint[];
  readonly absence: string;
}

/** What the host itself showed on a number of cores. */
interface CapacityBand {
  readonly cores: number;
  readonly minimum: number;
  readonly mean: number;
  readonly maximum: number;
}

/** Speedup over the number of cores, a panel for each target, all with the same two axes: both logarithmic to base 2. */
export interface SweepPlot {
  readonly levels: readonly number[];
  readonly minimum: number;
  readonly maximum: number;
  /** From the fewest to the most cores. */
  readonly ideal: readonly [CurvePoint, CurvePoint];
  readonly capacities: readonly CapacityBand[];
  readonly panels: readonly SweepPanel[];
}

/** A sweep as a picture with what stands around it. */
export interface SweepFigure {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly legend: string;
  readonly label: string;
  readonly table: string;
  readonly plot: SweepPlot;
}

/** The sweeps of one workload, in the order of the analysis. */
export type SweepGroup = readonly [CoreSweep, ...CoreSweep[]];

/** Sweeps by what was asked. */
export function sweepGroups({ sweeps }: Pick<Analysis, 'sweeps'>): readonly SweepGroup[] {
  return [...Map.groupBy(sweeps, ({ id }) => id).values()].flatMap(([first, ...rest]): SweepGroup[] =>
    first === undefined ? [] : [[first, ...rest]],
  );
}

/** Anchor of the table of speedups of a sweep. */
export const sweepTableOf = ({ id }: Pick<CoreSweep, 'id'>): string => `sweep-speedups-${id}`;

/** A speedup in words: `1.93 (1.88 to 1.98)`. */
export function levelText({ speedup, interval }: Pick<SweepLevel, 'speedup' | 'interval'>): string {
  if (speedup === null) return 'no value';
  return interval === null
    ? significant(speedup)
    : `${significant(speedup)} (${range(interval.lower, interval.upper)})`;
}

const tidy = (value: number): number => Number(value.toPrecision(5));

/** Pieces of the curve between two neighbouring levels. */
const pieces = 6;

/** The law between the levels, from the parameters, through the fitted values at the levels. */
function curveOf({ law, levels: all }: CoreSweep): readonly CurvePoint[] {
  const levels = all.filter(({ fitted }) => fitted !== null);
  const first = levels[0];
  if (law.outcome === 'refused' || first?.fitted == null) return [];
  const slowdown = (cores: number) => 1 + law.alpha.value * (cores - 1) + law.beta.value * cores * (cores - 1);
  const foot = (first.fitted * slowdown(first.cores)) / first.cores;
  const places = levels.flatMap(({ cores }, index) => {
    const next = levels[index + 1]?.cores;
    if (next === undefined) return [cores];
    return Array.from({ length: pieces }, (_unused, piece) => cores * (next / cores) ** (piece / pieces));
  });
  return places.map((cores) => ({ cores: tidy(cores), speedup: tidy((foot * cores) / slowdown(cores)) }));
}

function panelOf(analysis: Analysis, sweep: CoreSweep): SweepPanel | null {
  const target = analysis.targets.find(({ targetId }) => targetId === sweep.targetId);
  if (target === undefined) return null;
  const marks = sweep.levels.flatMap((level) =>
    level.speedup === null
      ? []
      : [
          {
            cores: level.cores,
            value: tidy(level.speedup),
            interval: level.interval && { lower: tidy(level.interval.lower), upper: tidy(level.interval.upper) },
            reading: `${counted(level.cores, 'core')}: ${levelText(level)}, ${counted(level.pairs, 'pair')}`,
          },
        ],
  );
  const comparison = analysis.comparisons.find(({ id }) => id === sweep.id);
  return {
    targetId: target.targetId,
    colour: target.colour,
    modelIndex: target.modelIndex,
    marks,
    curve: curveOf(sweep),
    absence: marks.length > 0 ? '' : absenceOf(target, comparison && cellOf(comparison, target.targetId)),
  };
}

const lastSpeedup = (panel: SweepPanel): number => panel.marks.at(-1)?.value ?? -1;

function plotOf(analysis: Analysis, group: SweepGroup): SweepPlot {
  const levels = group[0].levels.map(({ cores }) => cores);
  const [fewest = 1] = levels;
  const most = levels.at(-1) ?? fewest;
  const panels = group
    .flatMap((sweep) => panelOf(analysis, sweep) ?? [])
    .toSorted((a, b) => lastSpeedup(b) - lastSpeedup(a));
  // Capacity is against one core: beside speedups from more than one it would be another quantity.
  const capacities = fewest === 1 ? analysis.parallelCapacities.filter(({ cores }) => levels.includes(cores)) : [];
  const ends = panels.flatMap(({ marks }) =>
    marks.flatMap(({ value, interval }) => [value, interval?.lower ?? value, interval?.upper ?? value]),
  );
  const places = [1, most / fewest, ...ends, ...capacities.flatMap(({ minimum, maximum }) => [minimum, maximum])];
  return {
    levels,
    minimum: 2 ** Math.floor(Math.log2(Math.min(...places) * 1.001)),
    maximum: tidy(Math.max(...places) * 1.08),
    ideal: [
      { cores: fewest, speedup: 1 },
      { cores: most, speedup: most / fewest },
    ],
    capacities: capacities.map(({ cores, minimum, mean, maximum }) => ({ cores, minimum, mean, maximum })),
    panels,
  };
}

/** The parallel capacity of the host on each number of cores, in words. */
export function capacitiesText({ parallelCapacities }: Analysis): string {
  if (parallelCapacities.length === 0) return 'What the host itself can show was not measured.';
  const readings = parallelCapacities.map(
    ({ cores, mean, minimum, maximum }) =>
      `${significant(mean)} on ${counted(cores, 'core')} (readings from ${range(minimum, maximum)})`,
  );
  return `Independent processes of a fixed kernel gained ${readings.join(', ')}.`;
}

function captionOf({ panels, levels, capacities }: SweepPlot): string {
  const marked = panels.filter(({ marks }) => marks.length > 1);
  const best = marked[0];
  const worst = marked.at(-1);
  if (best === undefined || worst === undefined) return 'No target has a speedup on this host.';
  const gain = ({ targetId, marks }: SweepPanel) => `${targetId} on ${marks.at(-1)?.reading ?? ''}`;
  const extremes = best === worst ? gain(best) : `${gain(best)}; ${gain(worst)}`;
  const host = capacities.at(-1);
  const shown =
    host === undefined
      ? 'What the host itself can show was not measured.'
      : `The host itself showed ${significant(host.mean)} (readings from ${range(host.minimum, host.maximum)}) on ${counted(host.cores, 'core')}.`;
  return `Speedup over ${counted(levels[0] ?? 1, 'core')}: ${extremes}. ${shown}`;
}

/** A figure for every workload that was measured on three numbers of cores or more. */
export function sweepFigures(analysis: Analysis): readonly SweepFigure[] {
  return sweepGroups(analysis).map((group): SweepFigure => {
    const [first] = group;
    const plot = plotOf(analysis, group);
    const most = plot.levels.at(-1) ?? 1;
    const title = `Speedup of ${first.workloadId} on ${significant(plot.levels[0] ?? 1, 1)} to ${counted(most, 'core')}`;
    const caption = captionOf(plot);
    return {
      id: `sweep-${first.id}`,
      title,
      caption,
      legend:
        'Higher is better; both axes double from line to line. Mark: geometric mean of the paired ratios with its 95 % interval. Line in the same colour: the fitted scalability law, where there is one. Dashed: ideal, twice the cores for twice the throughput. Grey: what this host showed with independent processes of a fixed kernel.',
      label: `${title}. ${caption}`,
      table: sweepTableOf(first),
      plot,
    };
  });
}
