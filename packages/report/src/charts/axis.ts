import { significant } from '../wording/number.ts';

/** A mark on an axis, in the axis's own unit. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** A horizontal axis with its marks: canvas and static picture are given the same ones. */
export interface Axis {
  readonly scale: 'linear' | 'log';
  readonly minimum: number;
  readonly maximum: number;
  /** Quantity and unit, and that the axis is logarithmic when it is. */
  readonly title: string;
  readonly ticks: readonly Tick[];
}

/** Above this ratio of largest to smallest value a linear axis would press the small ones into one. Only dots are drawn, never bars. */
const largestLinearRange = 20;

const label = (value: number): string => (value === 0 ? '0' : String(significant(value, 1 + decimalsKept(value))));

/** Marks such as 250 or 0.25 need two digits and 12.5 three; all others one. */
function decimalsKept(value: number): number {
  const digits = value.toExponential().replace(/e.*$/, '').replace(/[.-]/g, '');
  return Math.max(0, Math.min(digits.length, 3) - 1);
}

const tidy = (value: number): number => Number(value.toPrecision(12));

function linearAxis(largest: number, title: string): Axis {
  const extent = largest > 0 ? largest : 1;
  const rough = extent / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = tidy(([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10) * power);
  const steps = Math.ceil(tidy((extent * 1.02) / step));
  const ticks = Array.from({ length: steps + 1 }, (_unused, index) => tidy(index * step));
  return {
    scale: 'linear',
    minimum: 0,
    maximum: ticks.at(-1) ?? step,
    title,
    ticks: ticks.map((value) => ({ value, label: label(value) })),
  };
}

function logAxis(smallest: number, largest: number, title: string): Axis {
  const from = Math.floor(Math.log10(smallest)) - 1;
  const to = Math.ceil(Math.log10(largest)) + 1;
  const candidates: number[] = [];
  for (let power = from; power <= to; power += 1) {
    for (const factor of [1, 2, 5]) candidates.push(tidy(factor * 10 ** power));
  }
  const minimum = candidates.findLast((value) => value <= smallest) ?? smallest;
  const maximum = candidates.find((value) => value >= largest) ?? largest;
  const inside = candidates.filter((value) => value >= minimum && value <= maximum);
  const decades = inside.filter((value) => Number.isInteger(tidy(Math.log10(value))));
  const marks = inside.length > 8 && decades.length > 1 ? decades : inside;
  return {
    scale: 'log',
    minimum,
    maximum,
    title: `${title} (logarithmic axis)`,
    ticks: marks.map((value) => ({ value, label: label(value) })),
  };
}

/**
 * The axis for values (the dots) and further positions that must fit on it (ends of intervals, reference lines): linear from zero, or
 * logarithmic where the values lie more than a factor of 20 apart and none is zero.
 */
export function axisFor(values: readonly number[], others: readonly number[], title: string): Axis {
  const all = [...values, ...others];
  const largest = Math.max(0, ...all);
  const smallest = Math.min(...values);
  const isWide = values.length > 1 && smallest > 0 && Math.max(...values) / smallest > largestLinearRange;
  if (!isWide) return linearAxis(largest, title);
  return logAxis(Math.min(...all.filter((value) => value > 0)), largest, title);
}

/** Where a value lies on the axis, 0 at its left and 1 at its right end; values beyond an end are held at it. */
export function placeOn(axis: Axis, value: number): number {
  const place =
    axis.scale === 'linear'
      ? (value - axis.minimum) / (axis.maximum - axis.minimum)
      : Math.log(Math.max(value, axis.minimum) / axis.minimum) / Math.log(axis.maximum / axis.minimum);
  return Math.min(1, Math.max(0, place));
}
