import { largestError, openLoopTruth, predictedSlowShare, tolerance } from '../measuring/truth.ts';
import { isValid } from '../measuring/validity.ts';
import { peers } from '../peers/registry.ts';
import type { BenchRecord, NullRecord, Part, Repetition, StallRecord } from '../records/record.ts';
import { count, interval, micro, milli, percent, table } from './figures.ts';
import { geometricMeanOf, pairedRatio } from './ratio.ts';

/** Ours first, then the peers as they are registered. */
const order = ['photofinish', ...peers.flatMap(({ closed, open }) => [closed.id, ...open.map(({ id }) => id)])];

/** High rates first, and of one rate first what is sent evenly. */
const byLoad = (a: NullRecord, b: NullRecord) => (b.rate ?? 0) - (a.rate ?? 0) || a.burst - b.burst;

/** The tables of all that is kept, as Markdown. */
export function tables(kept: readonly BenchRecord[]): string {
  const records = kept.toSorted((a, b) => order.indexOf(a.way) - order.indexOf(b.way));
  const nulls = (part: Part) => records.filter((one): one is NullRecord => one.part === part);
  const stalls = (part: Part) => records.filter((one): one is StallRecord => one.part === part);
  const sections = [
    surroundings(records),
    section('Null server, closed loop', nulls('null-closed'), closedCost),
    section('Null server, open loop', nulls('null-open'), (all) =>
      [...Map.groupBy(all.toSorted(byLoad), ({ rate, burst }) => `${rate}, ${burst}`).values()]
        .map(openCost)
        .join('\n\n'),
    ),
    section('Stall server, open loop', stalls('stall-open'), stallOpen),
    section('Stall server, closed loop', stalls('stall-closed'), stallClosed),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

function section<T extends BenchRecord>(title: string, records: readonly T[], body: (records: readonly T[]) => string) {
  return records.length === 0 ? '' : `### ${title}\n\n${body(records)}`;
}

/** Host, dates and versions. */
function surroundings(records: readonly BenchRecord[]): string {
  if (records.length === 0) return 'Nothing was measured yet.';
  const hosts = new Set(records.map(({ host }) => `${host.model}, ${host.cores} cores, ${host.kernel}`));
  const days = [...new Set(records.map(({ takenAt }) => takenAt.slice(0, 10)))].sort();
  const versions = new Map(records.map(({ way, version }) => [way.replace('-uncorrected', ''), version]));
  versions.set(
    'photofinish',
    records
      .map(({ instrument }) => instrument)
      .sort()
      .at(-1) ?? '',
  );
  const named = [...versions].map(([name, version]) => `${name} ${version}`).sort();
  return `Host: ${[...hosts].join('; ')}. Taken ${days.join(', ')}. Versions: ${named.join(', ')}.`;
}

function terms(records: readonly NullRecord[]): string {
  const [{ connections, seconds }] = records as [NullRecord];
  const pairs = [...new Set(records.map((record) => record.pairs.length))].sort((a, b) => a - b);
  return `${connections} connections, ${pairs.join(' or ')} alternating pairs of ${seconds} s`;
}

const costs = (pairs: NullRecord['pairs'], side: 'own' | 'peer') =>
  pairs.map((pair) => pair[side].cpuSeconds / pair[side].requests);
const rates = (pairs: NullRecord['pairs'], side: 'own' | 'peer') => pairs.map((pair) => pair[side].rate);
const errors = ({ pairs }: NullRecord) =>
  (['own', 'peer'] as const).map((side) => count(pairs.reduce((sum, pair) => sum + pair[side].errors, 0))).join(' / ');

function closedCost(records: readonly NullRecord[]): string {
  const rows = records.map((record) => {
    const [own, peer] = [costs(record.pairs, 'own'), costs(record.pairs, 'peer')];
    const [ownRate, peerRate] = [rates(record.pairs, 'own'), rates(record.pairs, 'peer')];
    return [
      record.way,
      `\`${record.words}\``,
      micro(geometricMeanOf(own)),
      micro(geometricMeanOf(peer)),
      interval(pairedRatio(own, peer)),
      count(geometricMeanOf(ownRate)),
      count(geometricMeanOf(peerRate)),
      interval(pairedRatio(ownRate, peerRate)),
      errors(record),
    ];
  });
  const head = [
    'peer',
    'options',
    'CPU us/request, ours',
    'peer',
    'ratio (95 %)',
    'requests/s, ours',
    'peer',
    'ratio (95 %)',
    'errors',
  ];
  return `${terms(records)}.\n\n${table(head, rows)}`;
}

function openCost(records: readonly NullRecord[]): string {
  const rows = records.map((record) => {
    const [own, peer] = [costs(record.pairs, 'own'), costs(record.pairs, 'peer')];
    const asked = record.rate ?? Number.NaN;
    return [
      record.way,
      `\`${record.words}\``,
      micro(geometricMeanOf(own)),
      micro(geometricMeanOf(peer)),
      interval(pairedRatio(own, peer)),
      percent(geometricMeanOf(rates(record.pairs, 'own')) / asked),
      percent(geometricMeanOf(rates(record.pairs, 'peer')) / asked),
      errors(record),
    ];
  });
  const head = ['peer', 'options', 'CPU us/request, ours', 'peer', 'ratio (95 %)', 'rate kept, ours', 'peer', 'errors'];
  const [{ rate, burst }] = records as [NullRecord];
  const atOnce = burst === 1 ? '' : `, ours ${burst} at the same instant as the peer's (\`--burst ${burst}\`)`;
  return `${count(rate ?? 0)} requests/s${atOnce}, ${terms(records)}.\n\n${table(head, rows)}`;
}

const meanOf = (repetitions: readonly Repetition[], name: keyof Repetition['times']): number | null => {
  const values = repetitions.map(({ times }) => times[name]);
  const known = values.filter((value) => value !== null);
  return known.length < values.length || known.length === 0
    ? null
    : known.reduce((sum, value) => sum + value, 0) / known.length;
};

const requestErrors = (repetitions: readonly Repetition[]) =>
  count(repetitions.reduce((sum, one) => sum + one.errors, 0));

/** Valid repetitions, and how many besides were not. */
function counted(all: readonly Repetition[]): string {
  const valid = all.filter(isValid).length;
  return valid === all.length ? String(valid) : `${valid} (and ${all.length - valid} invalid)`;
}

function stallOpen(records: readonly StallRecord[]): string {
  const rows = records.map(({ way, words, repetitions: all }) => {
    const repetitions = all.filter(isValid);
    const worst = repetitions.map(({ times }) => largestError(times));
    const passed = worst.filter((error) => error !== null && error <= tolerance).length;
    const largest =
      worst.length === 0 || worst.includes(null) ? null : Math.max(...worst.filter((error) => error !== null));
    return [
      way,
      `\`${words}\``,
      counted(all),
      ...(['mean', 'p50', 'p95', 'p99'] as const).map((name) => milli(meanOf(repetitions, name))),
      largest === null ? '-' : percent(largest),
      `${passed} of ${repetitions.length}`,
      milli(repetitions.length === 0 ? null : Math.max(...repetitions.map(({ serverLate }) => serverLate))),
      requestErrors(repetitions),
    ];
  });
  const { mean, p50, p95, p99 } = openLoopTruth;
  const truth = ['_truth_', '', '', ...[mean, p50, p95, p99].map((value) => milli(value)), '', '', '', ''];
  const head = [
    'generator',
    'options',
    'repetitions',
    'mean ms',
    'p50',
    'p95',
    'p99',
    'largest error',
    'within 1 %',
    'server late, ms',
    'errors',
  ];
  return `1 s stall in each 10 s, 500 requests/s. ${busy(records)}\n\n${table(head, [truth, ...rows])}`;
}

function stallClosed(records: readonly StallRecord[]): string {
  const rows = records.map(({ way, words, repetitions: all, connections }) => {
    const repetitions = all.filter(isValid);
    return [
      way,
      `\`${words}\``,
      counted(all),
      ...(['mean', 'p50', 'p95', 'p99'] as const).map((name) => milli(meanOf(repetitions, name))),
      ...slowShares(repetitions, connections),
      requestErrors(repetitions),
    ];
  });
  const head = [
    'generator',
    'options',
    'repetitions',
    'mean ms',
    'p50',
    'p95',
    'p99',
    'slow share',
    'predicted',
    'errors',
  ];
  return `The same server; the users of a closed loop wait with it. ${busy(records)}\n\n${table(head, rows)}`;
}

function slowShares(repetitions: readonly Repetition[], users: number): [string, string] {
  const shares = repetitions.map(({ slowShare }) => slowShare).filter((one) => one !== null);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const predicted = mean(repetitions.map(({ rate }) => predictedSlowShare(users, rate)));
  if (repetitions.length === 0) return ['-', '-'];
  return [shares.length < repetitions.length ? '-' : share(mean(shares)), share(predicted)];
}

const share = (value: number) => (value * 1e6).toFixed(0);

/** How busy the host was, tools and servers included. */
function busy(records: readonly StallRecord[]): string {
  const shares = records.map(({ busyShare }) => busyShare);
  return `Cores were in use for ${percent(Math.min(...shares))} to ${percent(Math.max(...shares))} of their time, generators and servers included.`;
}
