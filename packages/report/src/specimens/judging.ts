import { type Estimate, type Metric, metricFacts, type Verdict } from '@photofinish/schema';
import { percent, range, significant } from '../wording/number.ts';
import { unitFor, withUnit } from '../wording/unit.ts';

/** Two-sided 95 % quantiles of Student's t for 2 to 9 degrees of freedom (any table of the distribution). */
const t95: readonly number[] = [NaN, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

interface Spread {
  readonly middle: number;
  readonly half: number;
  readonly error: number;
}

function spreadOf(logs: readonly number[]): Spread {
  const middle = mean(logs);
  const sd = Math.sqrt(logs.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (logs.length - 1));
  const error = sd / Math.sqrt(logs.length);
  return { middle, half: (t95[logs.length - 1] ?? 2.1) * error, error };
}

/** An estimate from trial values as the analysis makes it: geometric mean with a Student-t interval on logarithms. */
export function specimenEstimate(metric: Metric, points: readonly number[]): Estimate {
  if (points.length === 0) return { metric, trials: 0, value: null, interval: null, points: [] };
  const logs = points.map((point) => Math.log(point));
  if (points.length === 1) return { metric, trials: 1, value: points[0] ?? null, interval: null, points: [...points] };
  const { middle, half } = spreadOf(logs);
  return {
    metric,
    trials: points.length,
    value: Math.exp(middle),
    interval: { lower: Math.exp(middle - half), upper: Math.exp(middle + half), level: 0.95 },
    points: [...points],
  };
}

/** What a specimen verdict is made of. */
interface Pairing {
  readonly comparisonId: string;
  readonly metric: Metric;
  readonly margin: number;
  readonly targetId: string;
  readonly baseline: string;
  readonly values: readonly number[];
  readonly baselineValues: readonly number[];
  readonly stamps: Verdict['stamps'];
  /** Title of the comparison. */
  readonly title: string;
  /** A gate to fail, with its reading. */
  readonly refusal: Verdict['gates'][number] | null;
}

/** A verdict of the right shape, by the rule of the design without Holm's procedure: for showing, not for judging. */
export function specimenVerdict(pairing: Pairing): Verdict {
  const { metric, margin, targetId, baseline, values, baselineValues } = pairing;
  const pairs = values.flatMap((value, index) => {
    const other = baselineValues[index];
    return other === undefined ? [] : [Math.log(value / other)];
  });
  const base = {
    comparisonId: pairing.comparisonId,
    metric,
    targetId,
    baseline,
    blocks: pairs.length,
    margin,
    stamps: pairing.stamps,
  };
  const { title: noun } = metricFacts[metric];
  const stamps = pairing.stamps.length === 0 ? '' : ` Stamped ${pairing.stamps.join(', ')}.`;
  const gates: Verdict['gates'] = [
    { gate: 'blocks', passed: pairs.length >= 3, reading: `${pairs.length}`, limit: 'at least 3' },
    ...(pairing.refusal === null ? [] : [pairing.refusal]),
  ];
  const failed = pairing.refusal ?? gates.find((gate) => !gate.passed);
  const refused = {
    verdict: 'no-verdict',
    direction: null,
    sentence: `${pairing.title}: no verdict on the ${noun} of ${targetId} against ${baseline}: ${failed?.reading} (needed: ${failed?.limit}).${stamps}`,
  } as const;
  if (pairs.length < 2) {
    const without = { ratio: null, interval: null, adjusted: null, pValue: null, pAdjusted: null };
    return { ...base, ...refused, ...without, detectable: null, blocksNeeded: null, gates };
  }
  const { middle, half, error } = spreadOf(pairs);
  const bounds = (factor: number, level: number) => ({
    lower: Math.exp(middle - half * factor),
    upper: Math.exp(middle + half * factor),
    level,
  });
  const ratio = Math.exp(middle);
  const adjusted = bounds(1.6, 0.992);
  const isBetter = ratio > 1 === (metricFacts[metric].better === 'higher');
  const edge = Math.log(1 + margin);
  const [lower, upper] = [Math.log(adjusted.lower), Math.log(adjusted.upper)];
  const verdict = (() => {
    if (Math.abs(middle) + half * 0.8 < edge) return 'practically-equivalent' as const;
    if (lower > edge || upper < -edge) return 'different' as const;
    if (lower > 0 || upper < 0) return 'different-but-may-be-small' as const;
    return 'inconclusive' as const;
  })();
  const direction =
    verdict === 'different' || verdict === 'different-but-may-be-small'
      ? isBetter
        ? ('better' as const)
        : ('worse' as const)
      : null;
  const detectable = Math.exp(half * 1.4) - 1;
  const interval = bounds(1, 0.95);
  const unit = unitFor(metric, [...values, ...baselineValues]);
  const typical = (numbers: readonly number[]) =>
    withUnit(Math.exp(mean(numbers.map((value) => Math.log(value)))), unit);
  const figures = `${range(adjusted.lower, adjusted.upper)} with 99.2 % confidence; ${typical(values)} against ${typical(baselineValues)}`;
  const blocksNeeded = pairs.length + Math.ceil((half / edge) ** 2 * pairs.length);
  const conclusions: Record<typeof verdict, string> = {
    different: `different, at least ${percent(Math.abs(ratio > 1 ? adjusted.lower - 1 : 1 - adjusted.upper))} ${ratio > 1 ? 'more' : 'less'}`,
    'different-but-may-be-small': `different, but the difference may be smaller than the margin of ${percent(margin)}`,
    'practically-equivalent': `practically equivalent, within the margin of ${percent(margin)}`,
    inconclusive: `cannot tell. These ${pairs.length} blocks could have shown a difference of ${percent(detectable)}; about ${blocksNeeded} blocks would settle it`,
  };
  const sentence = `${pairing.title}: ${targetId} had ${significant(ratio)} times the ${noun} of ${baseline} (${figures}): ${conclusions[verdict]}.${stamps}`;
  return {
    ...base,
    verdict,
    direction,
    ratio,
    interval,
    adjusted,
    pValue: Math.min(1, Math.exp(-Math.abs(middle) / (error + 1e-9))),
    pAdjusted: Math.min(1, 2 * Math.exp(-Math.abs(middle) / (error + 1e-9))),
    detectable,
    blocksNeeded: verdict === 'inconclusive' ? blocksNeeded : null,
    gates,
    sentence,
    ...(failed === undefined ? {} : { ...refused, blocksNeeded: null }),
  };
}
