import type { CoreSweep, LawParameter, OpenInterval, ScalabilityLaw } from '@photofinish/schema';
import { counted, percent, significant } from './number.ts';

type FittedLaw = Extract<ScalabilityLaw, { outcome: 'fitted' }>;

const short = (value: number): string => significant(value, 2);

/** Bounds that may be open above: `12 to 40`, `12 and more`. */
function openRange({ lower, upper }: OpenInterval): string {
  return upper === null ? `${short(lower)} and more` : `${short(lower)} to ${short(upper)}`;
}

/** A parameter in words: `0.053 (0.041 to 0.065)`. */
export function parameterText({ value, interval }: LawParameter): string {
  return interval === null ? short(value) : `${short(value)} (${openRange(interval)})`;
}

/** The peak in words: `5.9 (5.2 to 7.1)`, `none (40 and more)`. */
export function peakText({ levels }: CoreSweep, { peakCores: { value, interval } }: FittedLaw): string {
  const fewest = levels[0]?.cores ?? 1;
  const isAny = interval !== null && interval.lower <= fewest && interval.upper === null;
  const bounds = interval === null ? '' : isAny ? ' (or any)' : ` (${openRange(interval)})`;
  if (value === null) return `none${bounds}`;
  if (value <= fewest) return `at ${counted(fewest, 'core')} already`;
  return `${short(value)}${bounds}`;
}

/** Whether the peak lies beyond the largest number of cores measured: an extrapolation. */
export function isBeyond({ levels }: CoreSweep, { peakCores: { value } }: FittedLaw): boolean {
  return value !== null && value > (levels.at(-1)?.cores ?? 1);
}

/** The residual furthest from 0 with its level: `-1.2 % on 4 cores`. */
export function worstResidualText({ levels }: CoreSweep): string {
  const residuals = levels.flatMap(({ cores, residual }) => (residual === null ? [] : [{ cores, residual }]));
  const [first, ...rest] = residuals;
  if (first === undefined) return 'no value';
  const worst = rest.reduce((most, each) => (Math.abs(each.residual) > Math.abs(most.residual) ? each : most), first);
  const sign = worst.residual < 0 ? '−' : '+';
  return `${sign}${percent(Math.abs(worst.residual))} on ${counted(worst.cores, 'core')}`;
}
