/**
 * The Universal Scalability Law: throughput on N cores is `X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1))` (N. J. Gunther, "Guerrilla
 * Capacity Planning", Springer 2007, chapter 4 and 5; "A General Theory of Computational Scalability Based on Rational Functions", arXiv:0808.1431).
 */
export interface ScalabilityParameters {
  /** Contention: the share of work that is done one after the other. */
  readonly sigma: number;
  /** Coherency: the cost of keeping cores in step, for each pair of them. */
  readonly kappa: number;
}

/** What divides linear growth: 1 + sigma (N - 1) + kappa N (N - 1). */
export function slowdown(cores: number, { sigma, kappa }: ScalabilityParameters): number {
  return 1 + sigma * (cores - 1) + kappa * cores * (cores - 1);
}

/** Throughput on some cores over throughput on one: N over {@link slowdown}. */
export function capacityRatio(cores: number, parameters: ScalabilityParameters): number {
  return cores / slowdown(cores, parameters);
}

/**
 * The inverse square of the number of cores at the peak: kappa / (1 - sigma), from N* = sqrt((1 - sigma) / kappa). Smooth where N* is not: 0 means
 * that throughput never turns. Infinite from sigma = 1 on, where further cores bring nothing from the first.
 */
export function peakCurvature({ sigma, kappa }: ScalabilityParameters): number {
  return sigma >= 1 ? Number.POSITIVE_INFINITY : kappa / (1 - sigma);
}
