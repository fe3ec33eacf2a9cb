import { answerMutants } from './answers.ts';
import { connectionMutants } from './connections.ts';
import { failMutants } from './failures.ts';
import { infoMutants } from './info.ts';
import { kernelMutants } from './kernels.ts';
import type { Mutant } from './mutant.ts';
import { numberMutants } from './numbers.ts';
import { routingMutants } from './routing.ts';
import { timerMutants } from './timer.ts';

/** One deliberate fault each: the proof that the verifier bites. */
export const mutants: readonly Mutant[] = [
  ...answerMutants,
  ...routingMutants,
  ...numberMutants,
  ...timerMutants,
  ...kernelMutants,
  ...failMutants,
  ...infoMutants,
  ...connectionMutants,
];
