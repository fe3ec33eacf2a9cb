import { type Runtime, targetIds } from '@photofinish/engines';
import { parseCoreList } from '@photofinish/probes';
import { type Experiment, nearest, UsageError } from '@photofinish/schema';

/** Checks that a target exists. Throws `UsageError` `E_UNKNOWN_TARGET` with the nearest valid one. */
export function requireTarget(targetId: string, runtimes: readonly Runtime[]): string {
  const all = targetIds(runtimes);
  if (all.includes(targetId)) return targetId;
  const meant = nearest(targetId, all);
  throw new UsageError('E_UNKNOWN_TARGET', {
    what: `There is no target ${targetId}.`,
    given: targetId,
    allowed: all.join(', '),
    remedy: meant === null ? 'Choose one of those allowed.' : `Did you mean ${meant}?`,
  });
}

/** What a person asked to be measured. */
export interface TargetChoice {
  readonly targetIds: readonly string[];
  /** Named one by one, so that an absent one is an error rather than a row. */
  readonly named: boolean;
  /** The target that is measured a second time in each block (A/A), or `rotating`: each in turn. */
  readonly alias: string;
}

/** Which targets were asked for on the command line. */
interface TargetFlags {
  readonly targets?: string;
  readonly all?: boolean;
  readonly alias?: string;
}

/**
 * The targets of a plan: the named ones, all, or the experiment's default, the baseline always among them, and which of them is its own rival.
 * Throws `UsageError` `E_UNKNOWN_TARGET` for a target that is not, and for an alias that is not among those measured.
 */
export function chooseTargets(
  experiment: Experiment,
  runtimes: readonly Runtime[],
  options: TargetFlags,
): TargetChoice {
  const choice = chosenTargets(experiment, runtimes, options);
  const { alias = experiment.alias } = options;
  if (options.alias === undefined || alias === 'rotating' || choice.targetIds.includes(alias))
    return { ...choice, alias };
  throw new UsageError('E_UNKNOWN_TARGET', {
    what: 'The A/A alias is one of the targets that are measured.',
    given: `--alias ${alias}`,
    allowed: [...choice.targetIds, 'rotating'].join(', '),
    remedy: `Did you mean --alias ${nearest(alias, [...choice.targetIds, 'rotating']) ?? 'rotating'}?`,
  });
}

function chosenTargets(
  experiment: Experiment,
  runtimes: readonly Runtime[],
  options: TargetFlags,
): Omit<TargetChoice, 'alias'> {
  if (options.targets === undefined)
    return { targetIds: options.all === true ? experiment.allTargets : experiment.defaultTargets, named: false };
  const named = options.targets
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const chosen = named.map((targetId) => requireTarget(targetId, runtimes));
  return { targetIds: [...new Set([experiment.baseline, ...chosen])], named: true };
}

/** A whole number from an option. Throws `UsageError` with the range. */
export function wholeNumber(flag: string, text: string, lowest: number, highest: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value;
  throw new UsageError('E_OPTION', {
    what: `${flag} takes a whole number.`,
    given: text,
    allowed: `${lowest} to ${highest}`,
    remedy: `Write for instance ${flag} ${lowest}.`,
  });
}

/** Core numbers from `--cores 0,2-3`. Throws `UsageError` when the list is not one. */
export function coreNumbers(text: string): number[] {
  const listed = /^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(text) ? parseCoreList(text) : [];
  if (listed.length > 0) return listed;
  throw new UsageError('E_OPTION', {
    what: '--cores takes a list of core numbers.',
    given: text,
    allowed: 'numbers and ranges with commas, as in 0,2-3',
    remedy: 'lscpu -e lists the cores of this machine.',
  });
}
