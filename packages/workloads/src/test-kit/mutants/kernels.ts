import { payloadFacts } from '../../kernels/payload.ts';
import { spin } from '../../kernels/spin.ts';
import type { Mutant } from './mutant.ts';

/** Faults of the kernels. */
export const kernelMutants: readonly Mutant[] = [
  {
    fault: 'a table of golden values',
    endpoints: ['/cpu/spin'],
    caughtBy: [
      'cpu-spin-drawn-1',
      'cpu-spin-drawn-2',
      'cpu-spin-drawn-3',
      'cpu-spin-parallel',
      'cpu-spin-2',
      'cpu-spin-3',
    ],
    mutation: () => ({ spin: (steps) => (steps >= 5_000_000 ? spin(steps) : '6648fc4f') }),
  },
  {
    fault: 'one step too many',
    endpoints: ['/cpu/spin'],
    caughtBy: ['cpu-spin-golden', 'cpu-spin-2', 'cpu-spin-n-least', 'cpu-spin-computed'],
    mutation: () => ({ spin: (steps) => spin(steps + 1) }),
  },
  {
    fault: 'results remembered',
    endpoints: ['/cpu/spin', '/cpu/json'],
    caughtBy: ['cpu-spin-computed', 'cpu-json-computed'],
    mutation: () => {
      const remembered = new Map<number, string>();
      return {
        spin: (steps) => {
          const result = remembered.get(steps) ?? spin(steps);
          remembered.set(steps, result);
          return result;
        },
        json: () => payloadFacts.reduced,
      };
    },
  },
  {
    fault: 'bytes counted instead of characters',
    endpoints: ['/cpu/json'],
    caughtBy: ['cpu-json-golden', 'cpu-json-repeated', 'cpu-json-parallel'],
    mutation: () => ({ json: () => payloadFacts.reduced.replace('428890', '448890') }),
  },
  {
    fault: 'sums carried over from one round to the next',
    endpoints: ['/cpu/json'],
    caughtBy: ['cpu-json-repeated'],
    mutation: () => ({
      json: (repeat) => (repeat > 1 ? payloadFacts.reduced.replace('20000', '40000') : payloadFacts.reduced),
    }),
  },
];
