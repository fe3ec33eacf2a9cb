import { jsonAnswer } from '../answers.ts';
import { defineWorkload } from '../workload.ts';

/** A request that does nothing but wait on the runtime's own timer: how many can be parked at once, and what each costs. */
export const timer = defineWorkload({
  id: 'timer',
  version: 1,
  title: 'wait on a timer',
  kind: 'io',
  endpoint: '/timer',
  parameters: { ms: { minimum: 0, maximum: 60_000 } },
  answer: ({ ms }) => jsonAnswer({ ms }),
  wait: ({ ms }) => ms / 1000,
});
