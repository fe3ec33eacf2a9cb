import type { SaturationLoad } from '@photofinish/loadgen';
import type { Plan, PlannedComparison } from '@photofinish/schema';
import { changesNothing } from '../guards/saturation.ts';
import type { HostInstruments, Saturation } from '../trial/context.ts';

/** How often the halving check is made before it counts as failed. */
const halvingAttempts = 2;

/** What the load generator can show at all on this host, found out once a run: a ceiling for each comparison, and one halving check for all. */
export class SaturationLimits {
  private readonly plan: Plan;
  private readonly host: HostInstruments;
  private readonly ceilings = new Map<string, number | null>();
  private halving: Saturation['halving'] | null = null;

  constructor(plan: Plan, host: HostInstruments) {
    this.plan = plan;
    this.host = host;
  }

  /** The limits for a comparison, measured when first asked for. */
  async of(comparison: PlannedComparison, signal: AbortSignal): Promise<Saturation> {
    const known = this.ceilings.get(comparison.id);
    const ceiling = known === undefined ? await this.host.ceiling(loadOf(comparison), signal) : known;
    this.ceilings.set(comparison.id, ceiling);
    this.halving ??= await this.halve(signal);
    return { ceiling, halving: this.halving };
  }

  /** Measures a ceiling again that a trial came too near to. The higher counts: a noisy host only ever lowers it. */
  async doubt(comparison: PlannedComparison, signal: AbortSignal): Promise<void> {
    const known = this.ceilings.get(comparison.id);
    if (known === undefined || known === null) return;
    const again = await this.host.ceiling(loadOf(comparison), signal);
    this.ceilings.set(comparison.id, Math.max(known, again ?? 0));
  }

  /** The check on the heaviest load that leaves as many cores again as the generator has. */
  private async halve(signal: AbortSignal): Promise<Saturation['halving']> {
    const candidates = this.plan.comparisons
      .map((comparison) => ({ comparison, moreCores: sparedCores(this.plan, comparison) }))
      .filter(({ comparison, moreCores }) => moreCores.length === comparison.generatorCores.length)
      .toSorted((a, b) => weightOf(b.comparison) - weightOf(a.comparison));
    const [heaviest] = candidates;
    if (heaviest === undefined)
      return { reason: 'beside the target this host has not twice the cores of the generator' };
    const measure = () => this.host.halving(loadOf(heaviest.comparison), heaviest.moreCores, signal);
    let halving = await measure();
    for (let attempt = 1; attempt < halvingAttempts && halving !== null && !changesNothing(halving); attempt += 1)
      halving = await measure();
    return halving ?? { reason: 'this host cannot be measured from here' };
  }
}

function loadOf({ load, generatorCores, targetCores, sharesCores, workload }: PlannedComparison): SaturationLoad {
  return {
    arrivals: load.arrivals,
    generatorCores,
    serverCores: targetCores,
    sharesCores,
    bodyBytes: Buffer.byteLength(workload.expected.body),
    waitSeconds: workload.waitSeconds,
  };
}

/** Whole cores that some part of the plan uses and this comparison does not use for target or generator: as many as the generator has, or fewer. */
function sparedCores(plan: Plan, { targetCores, generatorCores }: PlannedComparison): number[] {
  const used = plan.comparisons.flatMap((one) => [...one.targetCores, ...one.helperCores, ...one.harnessCores]);
  const spared = [...new Set(used)].filter((core) => !targetCores.includes(core) && !generatorCores.includes(core));
  return spared.slice(0, generatorCores.length);
}

/** Open loops first, by their rate; closed ones by their connections. */
function weightOf({ load: { arrivals } }: PlannedComparison): number {
  return arrivals.loop === 'open' ? 1e9 + arrivals.rate : arrivals.connections;
}
