import type { Engine, Runtime, ServerSpec, ToolchainSearch } from '@photofinish/engines';
import type { NativeCore } from '@photofinish/loadgen';
import type { Probe } from '@photofinish/probes';
import type { HostInstruments, TargetSource } from '@photofinish/runner';
import { type Condition, type Placement, type PlannedTarget, seconds, type TopologyCore } from '@photofinish/schema';
import type { WantedInfo } from '@photofinish/workloads';
import type { Grant } from '../grant.ts';

/** How a server is started and what its `/info` must then say. */
export interface PreparedServer {
  readonly spec: ServerSpec;
  readonly wanted: WantedInfo;
}

/** Where servers live in one call of the harness, with everything built: an engine, its targets and what reads them. Disposing of it lets the engine go. */
export interface Site extends AsyncDisposable {
  readonly runtimes: readonly Runtime[];
  readonly core: NativeCore;
  readonly engine: Engine;
  readonly probe: Probe;
  readonly host: HostInstruments;
  readonly placement: Placement;
  /** The toolchains looked for; none where images bring their own. */
  readonly searches: ReadonlyMap<string, ToolchainSearch>;
  /** What the engine offers, judged; nothing where it is this machine itself, which is judged on its own. */
  conditions(): Promise<Condition[]>;
  /** Cores of the host that holds the servers, those this harness may use first of all. */
  topology(): Promise<TopologyCore[]>;
  /** The targets of a plan with what was found of them. */
  planned(targetIds: readonly string[]): PlannedTarget[];
  /** How a target is started with a grant. Throws `UsageError` for a target no runtime has. */
  prepare(targetId: string, grant: Grant): PreparedServer;
}

/** Longest time to the first correct answer: a JVM on a busy core needs a few seconds. */
export const readyWithin = seconds(30);
/** The contract gives a server 5 s to finish what is in flight. */
export const stopWithin = seconds(6);

/** The targets of a plan, started as its comparisons say. */
export function targetSource(site: Site): TargetSource {
  return {
    prepare: (targetId, comparison, nonce) =>
      site.prepare(targetId, { cores: comparison.targetCores, ...comparison.sizes, nonce, port: 0 }),
  };
}
