export { analyse } from './analyse.ts';
export type { AnalysedRun } from './analysed-run.ts';
