/** Runs for tests: built records of the real shape, parsed by their schemas. The figures are invented and follow arithmetic, not a machine. */
export { altered, changed, fate } from './alteration.ts';
export { go, java, node, processes, specimenRunId, threads } from './names.ts';
export type { Figures, Place, SpecimenOptions } from './options.ts';
export { specimenComparison } from './plan.ts';
export { analysed, failedGates, inComparison, noJdk, quick, verdictOn } from './reading.ts';
export { noErrors } from './record.ts';
export { specimenRun } from './run.ts';
