import type { Analysis, Scaling } from '@photofinish/schema';
import { counted, range, significant } from '../wording/number.ts';
import { axisFor } from './axis.ts';
import type { Chart, Figure, Mark, Row } from './chart.ts';
import { inLanes, type Unplaced } from './lanes.ts';
import { absenceOf, cellOf } from './rows.ts';

/** Anchor of the table of speedups of a pair of comparisons. */
export const scalingTableOf = ({ from, to }: Pick<Scaling, 'from' | 'to'>): string => `speedups-${from}-${to}`;

/** Speedups between two comparisons that belong to no sweep: a sweep shows all of its levels at once. */
export function pairGroups(analysis: Analysis): readonly (readonly [Scaling, ...Scaling[]])[] {
  const swept = new Set(analysis.sweeps.flatMap(({ levels }) => levels.map(({ comparisonId }) => comparisonId)));
  return scalingGroups(analysis).filter(([{ from }]) => !swept.has(from));
}

/** Speedups of one workload between the same two comparisons, in the order of the analysis. */
export function scalingGroups(analysis: Analysis): readonly (readonly [Scaling, ...Scaling[]])[] {
  const groups = new Map<string, [Scaling, ...Scaling[]]>();
  for (const scaling of analysis.scaling) {
    const group = groups.get(scalingTableOf(scaling));
    if (group === undefined) groups.set(scalingTableOf(scaling), [scaling]);
    else group.push(scaling);
  }
  return [...groups.values()];
}

/** A speedup in words: `1.93 (1.88 to 1.98)`. */
export function speedupText({ speedup, interval }: Scaling): string {
  if (speedup === null) return 'no value';
  return interval === null
    ? significant(speedup)
    : `${significant(speedup)} (${range(interval.lower, interval.upper)})`;
}

const tidy = (value: number): number => Number(value.toPrecision(5));

function markOf(scaling: Scaling): Mark | null {
  if (scaling.speedup === null) return null;
  const { interval } = scaling;
  return {
    value: tidy(scaling.speedup),
    interval: interval && { lower: tidy(interval.lower), upper: tidy(interval.upper) },
    reading: `${speedupText(scaling)}, ${counted(scaling.pairs, 'pair')}`,
  };
}

/** Speedups with their targets, largest first, those without one last. */
function rowsOf(analysis: Analysis, group: readonly Scaling[]): readonly Row[] {
  const rows = analysis.targets.map((target): Row => {
    const scaling = group.find(({ targetId }) => targetId === target.targetId);
    const comparison = analysis.comparisons.find(({ id }) => id === group[0]?.to);
    const mark = scaling === undefined ? null : markOf(scaling);
    return {
      targetId: target.targetId,
      colour: target.colour,
      modelIndex: target.modelIndex,
      isBaseline: false,
      mark,
      tail: null,
      points: [],
      absence: mark === null ? absenceOf(target, comparison && cellOf(comparison, target.targetId)) : '',
    };
  });
  return rows.sort((a, b) => (b.mark?.value ?? -1) - (a.mark?.value ?? -1));
}

function referencesOf(analysis: Analysis, { fromCores, toCores }: Scaling): readonly Unplaced[] {
  const ideal = tidy(toCores / fromCores);
  const lines = [
    { from: 1, to: 1, label: 'no gain' },
    { from: ideal, to: ideal, label: 'ideal' },
  ];
  const capacity = analysis.parallelCapacity;
  if (capacity === null || fromCores !== 1 || capacity.cores !== toCores) return lines;
  return [...lines, { from: tidy(capacity.minimum), to: tidy(capacity.maximum), label: 'this host' }];
}

function captionOf(analysis: Analysis, group: readonly [Scaling, ...Scaling[]], rows: readonly Row[]): string {
  const [{ fromCores, toCores }] = group;
  const marked = rows.filter((row) => row.mark !== null);
  const best = marked[0];
  const worst = marked.at(-1);
  if (best?.mark == null || worst?.mark == null) return 'No target has a speedup on this host.';
  const cores = `From ${counted(fromCores, 'core')} to ${toCores}`;
  const extremes =
    best === worst
      ? `${best.targetId} gains a factor of ${best.mark.reading}`
      : `${best.targetId} gains a factor of ${best.mark.reading}; ${worst.targetId} a factor of ${worst.mark.reading}`;
  const { parallelCapacity: capacity } = analysis;
  const host =
    capacity === null
      ? 'What the host itself can show was not measured.'
      : `Independent processes of a fixed kernel gained ${significant(capacity.mean)} (readings from ${range(capacity.minimum, capacity.maximum)}) on ${counted(capacity.cores, 'core')} of this host.`;
  return `${cores}: ${extremes}. ${host}`;
}

/** Throughput at more cores over throughput at fewer, held against the ideal and against what the host itself can show. */
export const scalingChart: Chart = {
  id: 'scaling',
  question: 'What do more cores bring?',
  figures: (analysis) =>
    analysis.scaling.length === 0
      ? []
      : pairGroups(analysis).map((group): Figure => {
          const [first] = group;
          const rows = rowsOf(analysis, group);
          const references = referencesOf(analysis, first);
          const marks = rows.flatMap((row) => (row.mark === null ? [] : [row.mark]));
          const others = [
            ...marks.flatMap((mark) => (mark.interval === null ? [] : [mark.interval.lower, mark.interval.upper])),
            ...references.map(({ to }) => to),
          ];
          const axis = axisFor(
            marks.map((mark) => mark.value),
            others,
            'speedup',
          );
          const title = `Speedup from ${counted(first.fromCores, 'core')} to ${first.toCores}`;
          return {
            id: `scaling-${first.from}-${first.to}`,
            chart: 'scaling',
            comparisonId: null,
            title,
            caption: captionOf(analysis, group, rows),
            legend:
              'Right is better. Mark: geometric mean of the paired ratios with its 95 % interval. Lines: no gain at 1, ideal at the ratio of cores. Band: what this host showed with independent processes of a fixed kernel, where it was measured.',
            label: `${title} of ${first.workloadId}. ${captionOf(analysis, group, rows)}`,
            table: scalingTableOf(first),
            plot: { axis, rows, references: inLanes(axis, references) },
          };
        }),
};
