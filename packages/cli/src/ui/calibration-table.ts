import type { Calibration, CalibrationReading } from '@photofinish/schema';
import type { Colours } from './colours.ts';
import { aligned } from './columns.ts';

/** A calibration as a table: mode, quantity, truth, measured, error, limit, and whether it passed. */
export function calibrationTable({ readings }: Calibration, colours: Colours): string {
  const head = ['mode', 'quantity', 'truth', 'measured', 'error', 'limit', ''];
  const rows = readings.map((reading) => [
    reading.mode,
    reading.quantity,
    figure(reading.truth, reading.unit),
    reading.measured === null ? 'not estimable' : figure(reading.measured, reading.unit),
    figure(reading.error, reading.unit, true),
    figure(reading.limit, reading.unit),
    word(reading),
  ]);
  const [first = '', ...lines] = aligned([head, ...rows], 2);
  return [colours.dim(first), ...lines.map((line) => tinted(line, colours))].join('\n');
}

const word = ({ limit, passed }: CalibrationReading) => (!passed ? 'FAILED' : limit === null ? 'recorded' : 'passed');

function tinted(line: string, colours: Colours): string {
  if (line.endsWith('FAILED')) return colours.red(line);
  return line.endsWith('recorded') ? colours.dim(line) : line;
}

/** Seconds as milliseconds with microseconds, shares with four significant digits, rates whole. */
function figure(value: number | null, unit: CalibrationReading['unit'], signed = false): string {
  if (value === null) return '-';
  const sign = signed && value > 0 ? '+' : '';
  if (unit === 'seconds') return `${sign}${(value * 1000).toFixed(3)} ms`;
  return unit === 'share' ? `${sign}${Number(value.toPrecision(4))}` : `${sign}${Math.round(value)}/s`;
}
