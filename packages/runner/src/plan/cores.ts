/** Which cores a comparison gives to the target and which to the load generator. */
export interface CoreGrant {
  readonly targetCores: number[];
  readonly generatorCores: number[];
  readonly helperCores: number[];
  readonly harnessCores: number[];
  readonly sharesCores: boolean;
}

/**
 * Divides the granted cores: the generator (and the harness, silent in a window) has the last one, the target the first ones. From three
 * cores on they are apart; on two, `all` gives both to the target and the generator shares one, which the plan says. Returns the reason as
 * text where the host cannot hold the comparison.
 */
export function grantCores(granted: readonly number[], wanted: number | 'all'): CoreGrant | string {
  const generator = granted.at(-1);
  if (generator === undefined) return 'no core is granted';
  const most = mostCores(granted);
  if (wanted === 'all' && most < 2) return 'one core is granted; scaling needs at least two';
  const count = wanted === 'all' ? most : wanted;
  if (count > granted.length) return `${count} cores are wanted, ${granted.length} are granted`;
  const targetCores = granted.slice(0, count);
  const last = [generator];
  return {
    targetCores,
    generatorCores: last,
    helperCores: last,
    harnessCores: last,
    sharesCores: targetCores.includes(generator),
  };
}

/** The most cores a target can have of those granted. */
export function mostCores(granted: readonly number[]): number {
  return granted.length >= 3 ? granted.length - 1 : granted.length;
}
