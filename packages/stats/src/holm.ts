/** What Holm's procedure gives one hypothesis of a family. */
export interface HolmStep {
  /** Adjusted p value: the hypothesis is rejected at `alpha` when this is at most `alpha`. */
  readonly adjusted: number;
  readonly isRejected: boolean;
  /** Confidence level of the interval the verdict rule looks at: it excludes "no difference" exactly when the hypothesis is rejected. */
  readonly level: number;
}

/**
 * Holm's step-down procedure (S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979):
 * the k-th smallest of m p values is compared with alpha / (m - k + 1), and after the first that is larger none is rejected. Adjusted values are
 * the running maximum of (m - k + 1) * p_(k), at most 1.
 *
 * The k-th smallest p gets the level 1 - alpha / (m - k + 1); those after the first that is not rejected get the level of that one, so that no
 * interval excludes what the procedure has kept. Equal p values share the strictest level among them: the order of targets must not matter.
 *
 * Results are in the order of the input.
 */
export function holm(pValues: readonly number[], alpha = 0.05): HolmStep[] {
  const family = pValues.length;
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const steps = new Array<HolmStep>(family);
  let adjusted = 0;
  let share = family;
  let isStopped = false;
  let previous = Number.NaN;
  order.forEach(({ p, index }, position) => {
    if (!isStopped && p !== previous) share = family - position;
    previous = p;
    adjusted = Math.max(adjusted, Math.min(1, (family - position) * p));
    isStopped ||= p > alpha / share;
    steps[index] = { adjusted, isRejected: !isStopped, level: 1 - alpha / share };
  });
  return steps;
}
