import type { Repetition } from '../records/record.ts';

/** A server that was later than this in answering what it had held was kept from its core, seconds. */
const latestServer = 0.1;

/**
 * Whether a repetition says something of the generator: the kernel lost no segment meanwhile, the server had its core, and no gate of the
 * generator itself failed, where it has any. What is invalid is kept and counted.
 */
export function isValid({ sentAgain, serverLate, failedGates }: Repetition): boolean {
  return (sentAgain ?? 0) === 0 && serverLate <= latestServer && failedGates.length === 0;
}
