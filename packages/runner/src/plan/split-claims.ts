import type { Experiment } from '@photofinish/schema';

type Claim = Experiment['claims'][number];

/** What a comparison of the experiment became in the plan. */
export interface Successors {
  /** Comparisons that take its place, by ascending number of cores: one, or one for each level of a sweep. */
  readonly all: readonly [string, ...string[]];
  /** The one at the number of cores the experiment names; null for a comparison that was a sweep from the beginning. */
  readonly own: string | null;
}

/**
 * Claims after comparisons were split into levels. A claim follows its comparison to the level that the experiment names, which is what was claimed
 * beforehand. Where the experiment itself names a sweep, a ceiling is claimed of every level (one claim each, named by it) and a speedup from its
 * fewest cores or to its most. A comparison that was left out keeps its name, so that the claim is answered with the reason.
 */
export function followClaims(
  claims: readonly Claim[],
  successors: ReadonlyMap<string, Successors>,
): Experiment['claims'] {
  return claims.flatMap((claim): Claim[] => {
    if (claim.rule === 'speedup') {
      const from = successors.get(claim.from);
      const to = successors.get(claim.to);
      return [{ ...claim, from: from?.own ?? from?.all[0] ?? claim.from, to: to?.own ?? to?.all.at(-1) ?? claim.to }];
    }
    const found = successors.get(claim.comparison);
    if (found === undefined) return [claim];
    if (found.own !== null) return [{ ...claim, comparison: found.own }];
    if (found.all.length === 1) return [{ ...claim, comparison: found.all[0] }];
    return found.all.map((comparison) => ({
      ...claim,
      id: claim.id + comparison.slice(comparison.lastIndexOf('-')),
      comparison,
    }));
  });
}
