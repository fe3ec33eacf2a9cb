import type { Interval } from '../interval.ts';
import { bounded, intervalOf, type Jackknife, jackknife } from './jackknife.ts';
import { componentsOf, logOneCore, nonNegativeLeastSquares, type ReplicateLogs } from './least-squares.ts';
import { capacityRatio, peakCurvature, type ScalabilityParameters } from './scalability-law.ts';

/** Throughput of one trial, per second; one of 0 has no logarithm and is left out. */
export interface ScalingPoint {
  readonly cores: number;
  readonly throughput: number;
}

/** A parameter with its interval, which is null with one replicate. */
export interface FittedParameter {
  readonly value: number;
  readonly interval: Interval | null;
}

/** The number of cores at which the law has its peak, 1 at least. Null: it has none, throughput never turns. */
export interface PeakCores {
  readonly value: number | null;
  /** Bounds; an upper one of null lies beyond every number of cores. Null with one replicate. */
  readonly interval: { readonly lower: number; readonly upper: number | null; readonly level: number } | null;
}

/** What the law says at one level, and how far the measurement is from it. */
export interface FittedLevel {
  readonly cores: number;
  /** Throughput by the law, per second. */
  readonly throughput: number;
  /** Geometric mean of measured over fitted, less 1: 0.02 is 2 % above the law. */
  readonly residual: number;
}

/** The law fitted to measured throughput. */
export interface ScalabilityFit {
  readonly kind: 'fitted';
  /** Replicates with two levels or more. */
  readonly replicates: number;
  /** Throughput on one core by the law, per second. */
  readonly lambda: number;
  readonly alpha: FittedParameter;
  readonly beta: FittedParameter;
  readonly peak: PeakCores;
  readonly levels: readonly FittedLevel[];
}

/** Why no parameters are given. */
export interface ScalabilityRefusal {
  readonly kind: 'refused';
  readonly reason: string;
}

/** Fewest levels for three parameters: one more, so that a residual can object. */
const fewestLevels = 4;

/** The largest residual a fit may have: twice the 5 % that throughput may differ by without mattering. */
const residualLimit = 0.1;

/** Level of the interval that must lie wholly below 0 before growth counts as faster than linear: linear growth itself is rarely mistaken for it. */
const superlinearLevel = 0.999;

/**
 * Fits the Universal Scalability Law to replicates, each with the throughput of one target at several numbers of cores. The parameters are not
 * negative. Least squares on logarithms with a level of its own for each replicate; see `leastSquares`.
 *
 * Intervals: jackknife over replicates, the independent unit, with Student's t of one less (J. W. Tukey, Annals of Mathematical Statistics 29, 1958;
 * R. G. Miller, "The jackknife: a review", Biometrika 61, 1974), of the fit that may be negative, cut at 0: a fit held at the border has no spread
 * there and would show too narrow an interval. The peak's comes from that of its inverse square, which stays finite where there is no peak.
 *
 * Refused, with the reason, are fewer than four levels, a residual above 10 % at any level, and growth that is faster than linear beyond doubt: the
 * law does not describe that.
 */
export function fitScalability(
  replicates: readonly (readonly ScalingPoint[])[],
  level = 0.95,
): ScalabilityFit | ScalabilityRefusal {
  const logs = replicates.map(logsOf).filter((replicate) => new Set(replicate.map(({ cores }) => cores)).size >= 2);
  const counts = [...new Set(logs.flat().map(({ cores }) => cores))].toSorted((a, b) => a - b);
  if (counts.length < fewestLevels) {
    return refused(`the law needs ${fewestLevels} numbers of cores at least, and there are ${counts.length}`);
  }
  if (counts.length - componentsOf(logs) < fewestLevels - 1) {
    return refused(
      `no ${fewestLevels} numbers of cores are tied together by replicates that have more than one of them`,
    );
  }
  const { parameters } = nonNegativeLeastSquares(logs);
  const offsets = logs.map((replicate) => logOneCore(replicate, parameters));
  const lambda = Math.exp(mean(offsets));
  const levels = counts.map((cores): FittedLevel => {
    const capacity = capacityRatio(cores, parameters);
    const rests = logs.flatMap((replicate, index) =>
      replicate
        .filter((point) => point.cores === cores)
        .map(({ logThroughput }) => logThroughput - (offsets[index] ?? 0) - Math.log(capacity)),
    );
    return { cores, throughput: lambda * capacity, residual: Math.expm1(mean(rests)) };
  });
  const worst = levels.reduce((most, one) => (Math.abs(one.residual) > Math.abs(most.residual) ? one : most));
  if (Math.abs(worst.residual) > residualLimit) {
    const percent = (worst.residual * 100).toFixed(0);
    return refused(
      `the law does not describe these points: on ${worst.cores} cores it is off by ${percent}\u00a0%, more than 10\u00a0%`,
    );
  }
  const spread = jackknife(logs);
  if (spread !== null && isSuperlinear(spread)) {
    return refused('throughput grows faster than the number of cores, or ever faster, which the law does not describe');
  }
  const fitted = (of: (parameters: ScalabilityParameters) => number): FittedParameter => ({
    value: of(parameters),
    interval: spread && bounded(intervalOf(spread, level, of), of(parameters)),
  });
  return {
    kind: 'fitted',
    replicates: logs.length,
    lambda,
    alpha: fitted(alphaOf),
    beta: fitted(betaOf),
    peak: peakOf(fitted(peakCurvature)),
    levels,
  };
}

function refused(reason: string): ScalabilityRefusal {
  return { kind: 'refused', reason };
}

function logsOf(points: readonly ScalingPoint[]): ReplicateLogs {
  return points
    .filter(({ throughput }) => throughput > 0)
    .map(({ cores, throughput }) => ({ cores, logThroughput: Math.log(throughput) }));
}

const alphaOf = ({ alpha }: ScalabilityParameters) => alpha;
const betaOf = ({ beta }: ScalabilityParameters) => beta;

function isSuperlinear(spread: Jackknife): boolean {
  return [alphaOf, betaOf].some((of) => intervalOf(spread, superlinearLevel, of).upper < 0);
}

function peakOf({ value, interval }: FittedParameter): PeakCores {
  return {
    value: coresAt(value),
    interval: interval && {
      lower: coresAt(interval.upper) ?? 1,
      upper: coresAt(interval.lower),
      level: interval.level,
    },
  };
}

/** Null where throughput never turns; 1 where it falls from the first core on, since fewer cannot be. */
function coresAt(curvature: number): number | null {
  return curvature <= 0 ? null : Math.max(1, 1 / Math.sqrt(curvature));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
