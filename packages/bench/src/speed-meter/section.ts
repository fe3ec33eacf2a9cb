import { pairedRatio } from '../document/ratio.ts';
import { association } from './association.ts';
import type { CostPair } from './cost.ts';
import { againstItself } from './itself.ts';
import { canaries, type Series } from './series.ts';

/** Everything that was measured, as it is kept between calls. */
export interface Kept {
  readonly host: string;
  readonly takenAt: string;
  readonly series: readonly Series[];
  readonly cost: readonly CostPair[];
}

const signed = (value: number) => (value < 0 ? '' : '+') + value.toFixed(2);

function row(series: Series, canary: string, titles: ReadonlyMap<string, string>): string {
  const bursts = series.canaries[canary] ?? [];
  const pairs = series.windows.flatMap(([, , used], index) => {
    const burst = bursts[index];
    return burst == null ? [] : [[burst, used] as const];
  });
  const found = association(pairs);
  const burst = pairs.reduce((sum, [took]) => sum + took, 0) / pairs.length;
  const cells = [
    titles.get(series.loop) ?? series.loop,
    canary,
    (burst * 1e6).toFixed(1),
    `${signed(found.correlation)} (${signed(found.lower)} to ${signed(found.upper)})`,
    signed(found.slope),
    found.spread.toFixed(4),
    found.fittedSpread.toFixed(4),
    found.unitSpread.toFixed(4),
  ];
  return `| ${cells.join(' | ')} |`;
}

function table(series: readonly Series[], titles: ReadonlyMap<string, string>): string {
  const names = canaries.map(([name, operations]) =>
    operations === undefined ? name : `${name}, ${operations} operations`,
  );
  return [
    '| loop | canary | burst, us | correlation (95 % interval) | slope | spread | after the fitted line | after slope 1 |',
    '|---|---|---:|---|---:|---:|---:|---:|',
    ...series.flatMap((one) => names.map((name) => row(one, name, titles))),
  ].join('\n');
}

const usedCanary = 'interpreter';

/** Each loop against itself, as it is and adjusted for the speed of its core. */
function itselfTable(series: readonly Series[], titles: ReadonlyMap<string, string>): string {
  const rows = series.flatMap(({ loop, contention, windows, canaries }) => {
    const points = windows.flatMap(([, , used], index) => {
      const burst = canaries[usedCanary]?.[index];
      return burst == null ? [] : [{ covariate: Math.log(burst), outcome: -Math.log(used) }];
    });
    const found = againstItself(points);
    if (found === null) return [];
    const cells = [
      titles.get(loop) ?? loop,
      contention ? 'beside made neighbours' : 'as it was',
      String(found.pairs),
      signed(found.slope),
      found.rawSpread.toFixed(4),
      found.adjustedSpread.toFixed(4),
      found.isAccepted ? 'accepted' : 'dropped',
    ];
    return [`| ${cells.join(' | ')} |`];
  });
  if (rows.length === 0) return '';
  return [
    '| loop | host | pairs | slope | spread of the ratio to itself | adjusted | |',
    '|---|---|---:|---:|---:|---:|---|',
    ...rows,
  ].join('\n');
}

function costText(cost: readonly CostPair[]): string {
  const { ratio, interval } = pairedRatio(
    cost.map(([, withMeter]) => withMeter),
    cost.map(([without]) => without),
  );
  return `Throughput of a saturated null server with the meter over that without it: ${ratio.toFixed(4)} (95 % interval ${interval.lower.toFixed(4)} to ${interval.upper.toFixed(4)}, ${cost.length} alternating pairs).`;
}

/** The section of `docs/instrument.md`, figures only. */
export function section({ host, takenAt, series, cost }: Kept, titles: ReadonlyMap<string, string>): string {
  const of = (contention: boolean) => series.filter((one) => one.contention === contention);
  const itself = itselfTable(series, titles);
  const counts = [...new Set(series.map(({ windows }) => windows.length))].join(', ');
  const parts = [
    `Host: ${host}. Taken ${takenAt}. ${counts} windows of about a second for each loop.`,
    ...(of(false).length === 0 ? [] : ['**The host as it was.**', table(of(false), titles)]),
    ...(of(true).length === 0 ? [] : ['**Beside made neighbours.**', table(of(true), titles)]),
    ...(itself === ''
      ? []
      : ['**A loop against itself**, six windows taken for a trial, neighbouring trials for a pair.', itself]),
    ...(cost.length === 0 ? [] : [costText(cost)]),
  ];
  return `${parts.join('\n\n')}\n`;
}
