import type { Repetition } from '../records/record.ts';

/** A server that was later than this in answering what it had held was kept from its core, seconds. */
const latestServer = 0.1;
/** A server that was ready and without a core for longer than this in all was not the server that is described, seconds. */
const longestWait = 0.5;
/**
 * Gates that say nothing here: of tenths of a millisecond, where a truth is held to ten; and of how busy the loop was, for users of a closed
 * loop ask as fast as they are served, and an open one that falls behind fails by its sends or its longest lag.
 */
const finer = ['scheduler-lag-p99', 'scheduler-lag-p999', 'occupancy'];

/**
 * Whether a repetition says something of the generator: the kernel lost no segment meanwhile, the server had its core, and no gate of the
 * generator itself failed that matters here, where it has any. What is invalid is kept and counted.
 */
export function isValid({ sentAgain, serverLate, serverWaited, failedGates }: Repetition): boolean {
  const hadCore = serverLate <= latestServer && (serverWaited ?? 0) <= longestWait;
  return (sentAgain ?? 0) === 0 && hadCore && failedGates.every((gate) => finer.includes(gate));
}
