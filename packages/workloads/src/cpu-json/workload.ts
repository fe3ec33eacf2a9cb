import { textAnswer } from '../answers.ts';
import { payloadFacts } from '../kernels/payload.ts';
import { defineWorkload } from '../workload.ts';

/** A request that parses 2.4 MB of JSON and reduces the objects to a checksum line, as often as it is told. */
export const cpuJson = defineWorkload({
  id: 'cpu-json',
  version: 1,
  title: 'parse and reduce JSON',
  kind: 'cpu',
  endpoint: '/cpu/json',
  parameters: { repeat: { minimum: 1, maximum: 100, absent: 1 } },
  answer: () => textAnswer(payloadFacts.reduced),
  wait: () => 0,
});
