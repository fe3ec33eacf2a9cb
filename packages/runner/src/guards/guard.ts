import type { StoppedServer } from '@photofinish/engines';
import type { ResourceUse } from '@photofinish/probes';
import type {
  Environment,
  FailedCause,
  GuardReading,
  InvalidCause,
  KernelCounts,
  LoadResult,
  PlannedComparison,
  ServerExit,
  SpeedReading,
  TimeSummary,
} from '@photofinish/schema';
import type { Saturation } from '../trial/context.ts';
import type { HostChange } from '../trial/host-change.ts';

/** What the guards look at when a window is over. */
export interface GuardSubject {
  readonly comparison: PlannedComparison;
  readonly result: LoadResult;
  readonly responseTime: TimeSummary;
  /** Whether the model's requests go through the thread pool sized by the plan. */
  readonly hasThreadPool: boolean;
  readonly hostClass: Environment['hostClass'];
  readonly errorLimit: number;
  readonly host: HostChange;
  /** What the kernel lost where the server is; `shared` where that is the generator's own network namespace, null where it cannot be read. */
  readonly serverKernel: KernelCounts | 'shared' | null;
  readonly speed: SpeedReading | null;
  readonly use: ResourceUse;
  readonly saturation: Saturation;
  /** Seconds between the two edges as the harness saw them. */
  readonly harnessSeconds: number;
  /** How the server ended by itself; null while it lived. */
  readonly exit: ServerExit | null;
  readonly outOfMemory: StoppedServer['outOfMemory'];
}

/** A guard's reading and what a failure means: the target's doing, or the environment's. */
export type Judged =
  | { readonly reading: GuardReading; readonly blame: null }
  | {
      readonly reading: GuardReading;
      readonly blame: { readonly state: 'failed'; readonly cause: FailedCause };
    }
  | {
      readonly reading: GuardReading;
      readonly blame: { readonly state: 'invalid'; readonly cause: InvalidCause };
    };

/** One check of a trial after its window. */
export type Guard = (subject: GuardSubject) => Judged;

/** A reading that passed. */
export function passed(guard: GuardReading['guard'], reading: string, limit: string): Judged {
  return { reading: { guard, passed: true, reading, limit }, blame: null };
}
