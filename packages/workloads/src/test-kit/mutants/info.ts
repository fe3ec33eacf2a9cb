import type { Info } from '@photofinish/schema';
import { type Mutant, withAnswer } from './mutant.ts';

const infoMutant = (
  fault: string,
  caughtBy: readonly string[],
  info: Partial<Info> | ((right: Info) => unknown),
): Mutant => ({
  fault,
  endpoints: ['/info'],
  caughtBy,
  mutation: () => ({ info }),
});

/** Faults of what a server says of itself. */
export const infoMutants: readonly Mutant[] = [
  infoMutant('the nonce of another trial', ['info-plan'], { nonce: 'of another trial' }),
  infoMutant('another model', ['info-plan'], { model: 'another' }),
  infoMutant('another number of cores', ['info-plan'], { cores: 2 }),
  infoMutant('a thread pool where there is none', ['info-plan'], { threads: 4 }),
  infoMutant('the algorithm of Nagle on', ['info-no-delay'], { noDelay: false }),
  infoMutant('a short life of idle connections', ['info-keep-alive'], { keepAliveSeconds: 5 }),
  infoMutant('a small backlog', ['info-backlog'], { backlog: 511 }),
  infoMutant('a field nobody knows', ['info-schema', 'info-text'], (right) => ({ ...right, extra: 1 })),
  infoMutant('a field left out', ['info-schema', 'info-text'], ({ gil: _, ...rest }) => rest),
  infoMutant('another order of fields', ['info-text'], (right) => Object.fromEntries(Object.entries(right).reverse())),
  {
    fault: 'spaces in its account of itself',
    endpoints: ['/info'],
    caughtBy: ['info-text'],
    mutation: () => ({ reply: (right) => withAnswer(right, ({ body }) => ({ body: body.replaceAll(',', ', ') })) }),
  },
  {
    fault: 'no JSON in its account of itself',
    endpoints: ['/info'],
    caughtBy: ['info-schema', 'info-text', 'info-plan'],
    mutation: () => ({ reply: (right) => withAnswer(right, () => ({ body: 'fine' })) }),
  },
];
