import { textAnswer } from '../answers.ts';
import { spin } from '../kernels/spin.ts';
import { defineWorkload } from '../workload.ts';

/** A request that computes without allocating, waiting or calling a library: the xorshift kernel. */
export const cpuSpin = defineWorkload({
  id: 'cpu-spin',
  version: 1,
  title: 'compute xorshift steps',
  kind: 'cpu',
  endpoint: '/cpu/spin',
  parameters: { n: { minimum: 1, maximum: 1_000_000_000 } },
  answer: ({ n }) => textAnswer(spin(n)),
  wait: () => 0,
});
