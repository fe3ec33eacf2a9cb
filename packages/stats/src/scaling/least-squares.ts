import { type ScalabilityParameters, slowdown } from './scalability-law.ts';

/** Throughputs of one replicate of all levels, on the scale of natural logarithms. */
export type ReplicateLogs = readonly { readonly cores: number; readonly logThroughput: number }[];

/**
 * Number of groups of levels between which no replicate lies: every replicate has a level of throughput of its own, so that nothing is known across
 * groups.
 */
export function componentsOf(replicates: readonly ReplicateLogs[]): number {
  return replicates.reduce<(readonly number[])[]>((groups, replicate) => {
    const levels = replicate.map(({ cores }) => cores);
    const meets = (group: readonly number[]) => group.some((cores) => levels.includes(cores));
    return [...groups.filter((group) => !meets(group)), [...levels, ...groups.filter(meets).flat()]];
  }, []).length;
}

/** Which parameters are free; the others are 0. */
interface Free {
  readonly alpha: boolean;
  readonly beta: boolean;
}

/** A pair of parameters with its sum of squared residuals. */
export interface LeastSquares {
  readonly parameters: ScalabilityParameters;
  readonly squares: number;
}

const iterations = 100;
/** Steps that make the sum of squares smaller by less than this share of it end the search. */
const tolerance = 1e-14;
const dampingLimit = 1e12;

/**
 * Parameters that fit the logarithms of throughput best, whatever their sign: least squares with a level of its own for every replicate, so that what
 * moves a whole replicate moves no parameter. Damped Gauss-Newton steps (D. W. Marquardt, Journal of the Society for Industrial and Applied Mathematics
 * 11, 1963) from linear growth on; a step that would make the law negative at a measured number of cores is shortened.
 */
export function leastSquares(
  replicates: readonly ReplicateLogs[],
  free: Free = { alpha: true, beta: true },
): LeastSquares {
  let best: LeastSquares = at(replicates, { alpha: 0, beta: 0 });
  let damping = 1e-3;
  for (let iteration = 0; iteration < iterations && damping < dampingLimit; iteration += 1) {
    const next = at(replicates, step(replicates, best.parameters, free, damping));
    if (next.squares < best.squares) {
      const gain = best.squares - next.squares;
      best = next;
      damping /= 10;
      if (gain <= tolerance * best.squares) break;
    } else {
      damping *= 10;
    }
  }
  return best;
}

/** The best fit with neither parameter negative: at the border where the free one leaves it (active sets; two parameters have four). */
export function nonNegativeLeastSquares(replicates: readonly ReplicateLogs[]): LeastSquares {
  const sets: Free[] = [
    { alpha: true, beta: true },
    { alpha: true, beta: false },
    { alpha: false, beta: true },
    { alpha: false, beta: false },
  ];
  const fits = sets
    .map((free) => leastSquares(replicates, free))
    .filter(({ parameters: { alpha, beta } }) => alpha >= 0 && beta >= 0);
  return fits.reduce((best, fit) => (fit.squares < best.squares ? fit : best));
}

/** Logarithm of what a replicate would be on one core, from all its levels: the mean of what the law leaves over. */
export function logOneCore(replicate: ReplicateLogs, parameters: ScalabilityParameters): number {
  const rests = replicate.map(
    ({ cores, logThroughput }) => logThroughput - Math.log(cores / slowdown(cores, parameters)),
  );
  return rests.reduce((sum, rest) => sum + rest, 0) / rests.length;
}

function at(replicates: readonly ReplicateLogs[], parameters: ScalabilityParameters): LeastSquares {
  let squares = 0;
  for (const replicate of replicates) {
    const level = logOneCore(replicate, parameters);
    for (const { cores, logThroughput } of replicate) {
      const growth = slowdown(cores, parameters);
      squares += growth > 0 ? (logThroughput - level - Math.log(cores / growth)) ** 2 : Number.POSITIVE_INFINITY;
    }
  }
  return { parameters, squares: Number.isNaN(squares) ? Number.POSITIVE_INFINITY : squares };
}

/** One damped step: the normal equations of the derivatives -(N-1)/D and -N(N-1)/D, each centred on its replicate. */
function step(
  replicates: readonly ReplicateLogs[],
  parameters: ScalabilityParameters,
  free: Free,
  damping: number,
): ScalabilityParameters {
  let [ss, kk, sk, sr, kr] = [0, 0, 0, 0, 0];
  for (const replicate of replicates) {
    const level = logOneCore(replicate, parameters);
    const rows = replicate.map(({ cores, logThroughput }) => {
      const growth = slowdown(cores, parameters);
      return {
        alpha: free.alpha ? -(cores - 1) / growth : 0,
        beta: free.beta ? (-cores * (cores - 1)) / growth : 0,
        rest: logThroughput - level - Math.log(cores / growth),
      };
    });
    const centre = (of: (row: (typeof rows)[number]) => number) =>
      rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
    const alphaCentre = centre(({ alpha }) => alpha);
    const betaCentre = centre(({ beta }) => beta);
    for (const { alpha, beta, rest } of rows) {
      const s = alpha - alphaCentre;
      const k = beta - betaCentre;
      ss += s * s;
      kk += k * k;
      sk += s * k;
      sr += s * rest;
      kr += k * rest;
    }
  }
  const a = free.alpha ? ss * (1 + damping) : 1;
  const b = free.beta ? kk * (1 + damping) : 1;
  const determinant = a * b - sk * sk;
  return {
    alpha: free.alpha ? parameters.alpha + (b * sr - sk * kr) / determinant : 0,
    beta: free.beta ? parameters.beta + (a * kr - sk * sr) / determinant : 0,
  };
}
