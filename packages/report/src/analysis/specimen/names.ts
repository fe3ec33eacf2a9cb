/** Run id of every specimen. */
export const specimenRunId = '20260131T120000Z-0a1b2c';

export const node = 'node/async-await';
export const threads = 'python/threads';
export const processes = 'python/multiprocessing';
export const go = 'go/goroutines';
export const java = 'java/virtual-threads';
