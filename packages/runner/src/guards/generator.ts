import type { FailedCause, GuardReading, InvalidCause, LoadGate, LoadGateName } from '@photofinish/schema';
import { type Guard, passed } from './guard.ts';

const milliseconds = (value: number) => `${(value * 1000).toFixed(2)} ms`;
const percent = (value: number) => `${(value * 100).toFixed(1)} %`;

/** Figures of the load core's gates, reading or limit. */
const told: Partial<Record<LoadGateName, (value: number) => string>> = {
  'scheduler-lag-p99': (value) => `p99 ${milliseconds(value)}`,
  'scheduler-lag-p999': (value) => `p99.9 ${milliseconds(value)}`,
  'scheduler-lag-mean': (value) => `mean ${milliseconds(value)}`,
  'scheduler-lag-longest': (value) => `longest ${milliseconds(value)}`,
  descriptors: (value) => `${percent(value)} of the file descriptors`,
  ports: (value) => `${percent(value)} of the ports towards the server`,
};

type Blame =
  | { readonly state: 'failed'; readonly cause: FailedCause }
  | { readonly state: 'invalid'; readonly cause: InvalidCause };

/** Gates of the load core as one guard of a trial. The core judges, by its own limits: here they get words, and whose doing a failure is. */
interface GateGroup {
  readonly guard: GuardReading['guard'];
  readonly gates: readonly LoadGateName[];
  readonly reading: (figures: string) => string;
  readonly limit: (figures: string) => string;
  readonly blame: (failed: LoadGate) => Blame;
}

function guardOf({ guard, gates, reading, limit, blame }: GateGroup): Guard {
  return ({ result }) => {
    const put = result.gates.filter(({ gate }) => gates.includes(gate));
    const figures = (of: 'reading' | 'limit') => put.map((one) => (told[one.gate] ?? percent)(one[of])).join(', ');
    const texts = { reading: reading(figures('reading')), limit: limit(figures('limit')) };
    const failed = put.find((one) => !one.passed);
    if (failed === undefined) return passed(guard, texts.reading, texts.limit);
    return { reading: { guard, passed: false, ...texts }, blame: blame(failed) } as ReturnType<Guard>;
  };
}

const invalid = (cause: InvalidCause) => (): Blame => ({ state: 'invalid', cause });
const atMost = (figures: string) => `at most ${figures}`;

/** How late the generator's loop woke: percentiles in an open loop, the mean in a closed one, the longest pause in both. */
export const generatorLag = guardOf({
  guard: 'generator-lag',
  gates: ['scheduler-lag-p99', 'scheduler-lag-p999', 'scheduler-lag-mean', 'scheduler-lag-longest'],
  reading: (figures) => `woke late by ${figures}`,
  limit: atMost,
  blame: invalid('generator-lag'),
});

/** How busy the generator's loops were: seconds above 70 %, or their processor time where the server uses the same cores. */
export const generatorSaturation = guardOf({
  guard: 'generator-saturation',
  gates: ['occupancy'],
  reading: (figures) => `saturated for ${figures} of the window`,
  limit: atMost,
  blame: invalid('generator-saturated'),
});

/** What was sent against what was due. */
export const offeredAchieved = guardOf({
  guard: 'offered-achieved',
  gates: ['achieved-sends'],
  reading: (figures) => `${figures} of the requests due were sent`,
  limit: (figures) => `at least ${figures}`,
  blame: invalid('generator-saturated'),
});

/** Requests that never answered within the drain must stay below the share that would hide the median: the target's doing. */
export const censoring = guardOf({
  guard: 'censoring',
  gates: ['censored'],
  reading: (figures) => `${figures} of the requests unanswered at the end of the drain`,
  limit: atMost,
  blame: () => ({ state: 'failed', cause: 'errors' }),
});

/** Descriptors and ports, counted before the load: where hardly any is left, a connection that is lost cannot be opened again. */
export const headroom = guardOf({
  guard: 'headroom',
  gates: ['descriptors', 'ports'],
  reading: (figures) => `took ${figures}`,
  limit: atMost,
  blame: ({ gate }) => ({ state: 'invalid', cause: gate === 'ports' ? 'ephemeral-ports' : 'file-descriptors' }),
});
