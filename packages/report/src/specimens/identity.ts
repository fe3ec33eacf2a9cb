/** Run id of the specimens: an invented run, never measured. */
export const specimenRunId = '20261122T170000Z-0a1b2c';
