/**
 * The Universal Scalability Law: throughput on N cores is `X(N) = lambda N / (1 + alpha (N - 1) + beta N (N - 1))` (N. J. Gunther, "Guerrilla
 * Capacity Planning", Springer 2007, chapter 4 and 5; "A General Theory of Computational Scalability Based on Rational Functions", arXiv:0808.1431).
 */
export interface ScalabilityParameters {
  /** Contention: the share of work that is done one after the other. */
  readonly alpha: number;
  /** Coherency: the cost of keeping cores in step, for each pair of them. */
  readonly beta: number;
}

/** What divides linear growth: 1 + alpha (N - 1) + beta N (N - 1). */
export function slowdown(cores: number, { alpha, beta }: ScalabilityParameters): number {
  return 1 + alpha * (cores - 1) + beta * cores * (cores - 1);
}

/** Throughput on some cores over throughput on one: N over {@link slowdown}. */
export function capacityRatio(cores: number, parameters: ScalabilityParameters): number {
  return cores / slowdown(cores, parameters);
}

/**
 * The inverse square of the number of cores at the peak: beta / (1 - alpha), from N* = sqrt((1 - alpha) / beta). Smooth where N* is not: 0 means
 * that throughput never turns. Infinite from alpha = 1 on, where further cores bring nothing from the first.
 */
export function peakCurvature({ alpha, beta }: ScalabilityParameters): number {
  return alpha >= 1 ? Number.POSITIVE_INFINITY : beta / (1 - alpha);
}
