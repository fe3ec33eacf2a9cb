import { reduceJson } from './json.ts';
import type { Kernels } from './kernels.ts';
import { spin } from './spin.ts';

/** CPU work on the calling thread: nothing else happens on its event loop meanwhile. */
export const inlineKernels = (payload: string): Kernels => ({
  spin,
  json: (repeat) => reduceJson(payload, repeat),
});
