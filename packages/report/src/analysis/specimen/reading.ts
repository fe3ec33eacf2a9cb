import { Analysis, type Verdict } from '@photofinish/schema';
import { analyse } from '../analyse.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import { go, java, node, processes, threads } from './names.ts';
import type { SpecimenOptions } from './options.ts';
import { specimenComparison } from './plan.ts';

/** Why a target of specimens is absent. */
export const noJdk = {
  cause: 'toolchain-missing',
  reason: 'no JDK was found',
  remedy: 'apt-get install openjdk-21-jdk',
} as const;

/** Five targets, one of them absent, in the three comparisons of `quick`. */
export const quick: SpecimenOptions = {
  targets: [node, threads, processes, go, java],
  absences: { [java]: noJdk },
  comparisons: [
    specimenComparison('timer', 'io', 1),
    specimenComparison('spin-one', 'cpu', 1),
    specimenComparison('spin-all', 'cpu', 2),
  ],
};

/** The analysis of a run, parsed by its schema: every test that uses it also tests that. */
export const analysed = (run: AnalysedRun): Analysis => Analysis.parse(analyse(run));

/** One comparison of an analysis. Throws `RangeError` where there is none of that id. */
export function inComparison(analysis: Analysis, id: string): Analysis['comparisons'][number] {
  const comparison = analysis.comparisons.find((candidate) => candidate.id === id);
  if (comparison === undefined) throw new RangeError(id);
  return comparison;
}

/** One verdict of an analysis. Throws `RangeError` where there is none. */
export function verdictOn(analysis: Analysis, comparisonId: string, metric: string, targetId: string): Verdict {
  const { verdicts } = inComparison(analysis, comparisonId);
  const verdict = verdicts.find((candidate) => candidate.metric === metric && candidate.targetId === targetId);
  if (verdict === undefined) throw new RangeError(`${comparisonId} ${metric} ${targetId}`);
  return verdict;
}

/** The gates that refused a verdict. */
export const failedGates = ({ gates }: Verdict): string[] =>
  gates.filter(({ passed }) => !passed).map(({ gate }) => gate);
