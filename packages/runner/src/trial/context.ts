import type { Engine, ServerSpec } from '@photofinish/engines';
import type { Generator, Halving, SaturationLoad } from '@photofinish/loadgen';
import type { HostEdge, Probe } from '@photofinish/probes';
import type {
  Clock,
  Environment,
  KernelCounts,
  Plan,
  PlannedBlock,
  PlannedComparison,
  PlannedTarget,
  PlannedTrial,
  SpeedReading,
} from '@photofinish/schema';
import type { WantedInfo } from '@photofinish/workloads';
import type { Verifier } from '../verifier.ts';

/** How a target of the plan is started and what its `/info` must say. */
export interface TargetSource {
  /** `nonce` is new for every attempt. */
  prepare(
    targetId: string,
    comparison: PlannedComparison,
    nonce: string,
  ): { readonly spec: ServerSpec; readonly wanted: WantedInfo };
}

/** The speed meter at work beside a window; disposing of it ends it without a reading. */
export interface SpeedMetering extends Disposable {
  /** Null where a core was not read, because the window was too short for a burst on it. */
  finish(): Promise<SpeedReading | null>;
}

/** Readings of the host around a window; each null where this system cannot give it. */
export interface HostInstruments {
  /** Gaps a spinning loop sees on idle cores, just before a trial. */
  hiccups(cores: readonly number[]): Promise<{ readonly maximumSeconds: number; readonly lostShare: number } | null>;
  /** The measured cores at one edge of a window: their time, their frequency, and the swapping of the host. */
  edge(cores: readonly number[]): Promise<HostEdge | null>;
  /** What the kernel has lost so far in the network namespace of a process; `shared` where it is the generator's. */
  kernelCounts(pid: number | null): Promise<KernelCounts | 'shared' | null>;
  /** Begins to meter the speed of the cores beside a load. */
  meterSpeed(cores: readonly number[]): SpeedMetering | null;
  /** How much slower than calm the slowest of the cores is while nothing is measured: 1 is calm, 1.1 a tenth slower. */
  idleSpeed(cores: readonly number[]): Promise<number | null>;
  /** Responses per second that the generator gets from the null server under such a load. */
  ceiling(load: SaturationLoad, signal: AbortSignal): Promise<number | null>;
  /** p99 of such a load by the generator's cores, and by those and as many more. */
  halving(load: SaturationLoad, moreCores: readonly number[], signal: AbortSignal): Promise<Halving | null>;
  /** Speedup of the fixed spin kernel in independent processes on these cores. */
  parallelCapacity(cores: readonly number[]): Promise<number | null>;
}

/** What the load generator can show at all, measured in this run. */
export interface Saturation {
  /** Responses per second; null where this host cannot be measured from here. */
  readonly ceiling: number | null;
  /** Or why the check was not made. */
  readonly halving: Halving | { readonly reason: string };
}

/** Everything a run measures with. Each is an interface, so that tests script them. */
export interface Instruments {
  readonly engine: Engine;
  readonly generator: Generator;
  readonly probe: Probe;
  readonly verifier: Verifier;
  readonly host: HostInstruments;
  readonly targets: TargetSource;
  readonly clock: Clock;
  /** A word no other trial has. */
  nonce(): string;
}

/** Where in a run an attempt stands. */
export interface AttemptContext {
  readonly runId: string;
  readonly plan: Plan;
  readonly block: PlannedBlock;
  readonly comparison: PlannedComparison;
  readonly trial: PlannedTrial;
  /** The target of the trial, as planned. */
  readonly target: PlannedTarget;
  readonly attempt: number;
  /** A shape-only host is judged by limits as wide as what its verdicts can see. */
  readonly hostClass: Environment['hostClass'];
  /** Parallel capacity measured in this block; null on one core. */
  readonly parallelCapacity: number | null;
  /** How long the runner waited for calm before this attempt, seconds. */
  readonly calmWaitSeconds: number;
  readonly saturation: Saturation;
}
