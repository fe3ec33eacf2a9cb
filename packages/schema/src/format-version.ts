/**
 * Version of the files in a run folder, `major.minor`. Additive changes raise the minor number.
 *
 * - 1.0: plan, environment, trial records, histograms, journal, analysis.
 */
export const formatVersion = '1.0';
