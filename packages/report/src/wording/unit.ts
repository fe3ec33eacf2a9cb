import { type Metric, metricFacts } from '@photofinish/schema';
import { fixedSpace, significant } from './number.ts';

/** A unit that a column or an axis is shown in. Files keep base units; only display converts. */
export interface DisplayUnit {
  /** Base units in one of this unit. */
  readonly size: number;
  /** `ms`, `/s`, `MiB`. */
  readonly symbol: string;
  /** For axes: `milliseconds`. */
  readonly title: string;
}

const units = {
  'per-second': [{ size: 1, symbol: '/s', title: 'requests per second' }],
  seconds: [
    { size: 1e-6, symbol: 'µs', title: 'microseconds' },
    { size: 1e-3, symbol: 'ms', title: 'milliseconds' },
    { size: 1, symbol: 's', title: 'seconds' },
  ],
  bytes: [
    { size: 1024, symbol: 'KiB', title: 'kibibytes' },
    { size: 1024 ** 2, symbol: 'MiB', title: 'mebibytes' },
    { size: 1024 ** 3, symbol: 'GiB', title: 'gibibytes' },
  ],
} as const satisfies Record<string, readonly [DisplayUnit, ...DisplayUnit[]]>;

/** One unit for all of a column, chosen at the middle (geometric) of its values, so that figures in it can be compared at a glance. */
export function unitFor(metric: Metric, values: readonly number[]): DisplayUnit {
  const choices: readonly DisplayUnit[] = units[metricFacts[metric].unit];
  const first = units[metricFacts[metric].unit][0];
  const positive = values.filter((value) => value > 0);
  const middle =
    positive.length === 0 ? first.size : Math.sqrt(Math.min(...positive)) * Math.sqrt(Math.max(...positive));
  return choices.findLast((unit) => middle >= unit.size) ?? first;
}

/** A value of base units in a display unit, without the symbol. */
export function inUnit(value: number, unit: DisplayUnit): string {
  return significant(value / unit.size);
}

/** A value of base units with the symbol: `50.3 ms`. */
export function withUnit(value: number, unit: DisplayUnit): string {
  return `${inUnit(value, unit)}${fixedSpace}${unit.symbol}`;
}

/** A value of a metric in the unit that suits it alone. */
export function quantity(metric: Metric, value: number): string {
  return withUnit(value, unitFor(metric, [value]));
}
