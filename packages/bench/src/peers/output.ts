import { MeasurementError } from '@photofinish/schema';
import type { z } from 'zod';

/** An output that is not what this version of the tool should print. */
export function unreadable(peer: string, output: string, cause?: unknown): MeasurementError {
  return new MeasurementError('E_PEER_OUTPUT', {
    what: `What ${peer} printed could not be read.`,
    given: output.slice(0, 500),
    remedy: `Its version may be another than those that were tried: ${peer} is left out with --peers and the others.`,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Reads a JSON document by its schema. Throws `MeasurementError` `E_PEER_OUTPUT`. */
export function readJson<T>(peer: string, schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw unreadable(peer, text, error);
  }
}
