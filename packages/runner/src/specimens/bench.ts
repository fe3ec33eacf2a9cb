import { type MockEngine, type MockServerScript, mockEngine } from '@photofinish/engines';
import { type DriveScript, mockGenerator } from '@photofinish/loadgen';
import { type HostEdge, mockProbe, type ResourceUse } from '@photofinish/probes';
import {
  type CoreSpeed,
  type Environment,
  formatVersion,
  type Info,
  type KernelCounts,
  seconds,
  type TrialHistograms,
  TrialRecord,
} from '@photofinish/schema';
import type { TrialDraft } from '@photofinish/store';
import type { RunnerEvent } from '../events.ts';
import { executePlan } from '../execution/execution.ts';
import type { Recorder } from '../execution/recorder.ts';
import { makePlan, type PlanOptions } from '../plan/plan.ts';
import { plainTopology } from '../plan/topology.ts';
import type { Instruments } from '../trial/context.ts';
import type { Verification } from '../verifier.ts';
import { specimenExperiment, specimenTarget } from './experiment.ts';

/** What goes wrong in a scripted run. */
export interface BenchScript {
  readonly server?: (title: string, start: number) => MockServerScript;
  readonly drive?: (call: number) => DriveScript;
  readonly verification?: (call: number) => Partial<Verification>;
  /** State of the host's cores at a moment of the virtual clock. */
  readonly edge?: (at: number) => Partial<HostEdge>;
  readonly use?: Partial<ResourceUse>;
  /** What the null server answers when it is measured for the nth time, per second; a million when absent. */
  readonly ceiling?: (call: number) => number | null;
  /** What the halving check finds when it is made for the nth time; no change when absent. */
  readonly halving?: (call: number) => { readonly p99Seconds: number; readonly halvedP99Seconds: number };
  /** What the kernel had lost where the server is, at a moment of the virtual clock; `shared` when absent. */
  readonly serverKernel?: (at: number) => KernelCounts | null;
  /** How many times slower than calm a core is, beside a load or idle, at a moment of the virtual clock; 1 when absent, null where it cannot be read. */
  readonly slowness?: (at: number, core: number, state: 'loaded' | 'idle') => number | null;
  /** Called when the generator is in its window, with the engine at hand. */
  readonly inWindow?: (engine: MockEngine, call: number) => void;
  readonly plan?: Partial<PlanOptions>;
  readonly earlier?: readonly TrialRecord[];
  /** Settles when the lease is lost. */
  readonly lost?: Promise<void>;
  /** `shape-only` when absent. */
  readonly hostClass?: Environment['hostClass'];
}

const runId = '20260101T000000Z-000000';

/** A recorder that keeps everything in memory, checked by the schema as the store would. */
class MemoryRecorder implements Recorder {
  readonly records: TrialRecord[] = [];
  readonly log: string[];
  private readonly attempts = new Map<string, number>();

  constructor(log: string[], earlier: readonly TrialRecord[] = []) {
    this.log = log;
    for (const { trialId, attempt } of earlier)
      this.attempts.set(trialId, Math.max(attempt, this.attempts.get(trialId) ?? 0));
  }

  nextAttempt(trialId: string): number {
    return (this.attempts.get(trialId) ?? 0) + 1;
  }

  async attemptStarted(trialId: string, attempt: number): Promise<void> {
    this.log.push(`journal ${trialId} attempt ${attempt} started`);
    this.attempts.set(trialId, attempt);
  }

  async attemptFinished(draft: TrialDraft, histograms: TrialHistograms | null): Promise<TrialRecord> {
    const reference = { file: `raw/${draft.trialId}.json`, sha256: '0'.repeat(64) };
    const measurement =
      'measurement' in draft && draft.measurement !== null
        ? { measurement: { ...draft.measurement, histograms: reference } }
        : {};
    if ('measurement' in draft && (draft.measurement === null) !== (histograms === null))
      throw new TypeError('a measurement without its histograms');
    const record = TrialRecord.parse({ ...draft, sequence: this.records.length, ...measurement });
    this.attempts.set(draft.trialId, draft.attempt);
    this.records.push(record);
    this.log.push(`record ${record.trialId} attempt ${record.attempt} ${record.state}`);
    return record;
  }
}

/** Everything a scripted run left behind. */
export interface Bench {
  readonly engine: MockEngine;
  readonly recorder: MemoryRecorder;
  readonly log: string[];
  readonly events: RunnerEvent[];
  readonly controller: AbortController;
  /** Performs the plan; resolves to all records. */
  perform(): Promise<TrialRecord[]>;
}

/** A run on mock instruments and a virtual clock. */
export function bench(script: BenchScript = {}): Bench {
  const engine = mockEngine(({ title }, start) => script.server?.(title, start) ?? {});
  const { clock, log } = engine;
  const plan = makePlan(specimenExperiment, {
    targets: specimenExperiment.defaultTargets.map((targetId) => specimenTarget(targetId)),
    blocks: 1,
    seed: 1,
    grantedCores: [0, 1],
    topology: plainTopology([0, 1]),
    loadCores: null,
    sweepCores: false,
    engine: 'mock',
    placement: { network: 'loopback', topology: 'same-host', limits: null },
    ...script.plan,
  });
  let [drives, ceilings, halvings] = [0, 0, 0];
  const generator = mockGenerator(clock, ({ classes: [one] }) => {
    drives += 1;
    return { ...(one?.id === 'timer' && { responseSeconds: [0.05] }), ...script.drive?.(drives) };
  });
  const slowness: NonNullable<BenchScript['slowness']> = (at, core, state) =>
    script.slowness === undefined ? 1 : script.slowness(at, core, state);
  let verifications = 0;
  const events: RunnerEvent[] = [];
  const controller = new AbortController();
  const recorder = new MemoryRecorder(log, script.earlier);
  const instruments: Instruments = {
    engine,
    generator: {
      id: 'mock',
      drive: (job, hooks, signal) =>
        generator.drive(
          job,
          {
            async onWarm() {
              log.push('warm');
              await hooks.onWarm();
              log.push('window begins');
              script.inWindow?.(engine, drives);
            },
            async onWindowEnd() {
              log.push('window ends');
              await hooks.onWindowEnd();
            },
          },
          signal,
        ),
    },
    probe: mockProbe(clock, log, script.use),
    verifier: {
      async verify(_server, path, _expected, wanted) {
        log.push(`verify ${path}`);
        verifications += 1;
        return { info: infoOf(wanted), differences: [], wrongAnswers: [], ...script.verification?.(verifications) };
      },
    },
    host: {
      async hiccups(cores) {
        log.push(`hiccups on ${cores.join(',')}`);
        return { maximumSeconds: 0.0001, lostShare: 0.001 };
      },
      ceiling: async () => {
        ceilings += 1;
        return script.ceiling === undefined ? 1e6 : script.ceiling(ceilings);
      },
      async halving(_load, moreCores) {
        log.push(`halving onto ${moreCores.join(',')}`);
        halvings += 1;
        const threads = moreCores.length;
        return { threads, ...(script.halving?.(halvings) ?? { p99Seconds: 0.005, halvedP99Seconds: 0.005 }) };
      },
      kernelCounts: async () => (script.serverKernel === undefined ? 'shared' : script.serverKernel(clock.now())),
      edge: async () => ({ ...calmEdge(clock.now()), ...script.edge?.(clock.now()) }),
      meterSpeed(cores) {
        const ratios = cores.map((core) => slowness(clock.now(), core, 'loaded'));
        if (ratios.includes(null)) return null;
        log.push('meter begins');
        return {
          finish: async () => ({
            canary: 'mock',
            cores: cores.map((core, index) => coreSpeed(core, ratios[index] ?? 1)),
          }),
          [Symbol.dispose]: () => log.push('meter ends'),
        };
      },
      async idleSpeed(cores) {
        const ratios = cores.map((core) => slowness(clock.now(), core, 'idle'));
        return ratios.includes(null) ? null : Math.max(...ratios.map((ratio) => ratio ?? 1));
      },
      async parallelCapacity(cores) {
        log.push(`capacity of ${cores.join(',')}`);
        return 1.9;
      },
    },
    targets: {
      prepare: (targetId, comparison, nonce) => ({
        spec: {
          title: targetId,
          launch: { kind: 'process', folder: '.', command: ['server'] },
          environment: {},
          cores: comparison.targetCores,
          readyWithin: seconds(30),
          stopWithin: seconds(6),
        },
        wanted: {
          runtime: targetId.split('/')[0] ?? '',
          model: targetId.split('/')[1] ?? '',
          nonce,
          cores: comparison.targetCores.length,
          processes: 1,
          threads: null,
        },
      }),
    },
    clock,
    nonce: () => 'nonce',
  };
  return {
    engine,
    recorder,
    log,
    events,
    controller,
    perform: () =>
      executePlan(
        {
          runId,
          plan,
          hostClass: script.hostClass ?? 'shape-only',
          earlier: script.earlier ?? [],
          recorder,
          listener: (event) => events.push(event),
          ...(script.lost === undefined ? {} : { lost: script.lost }),
        },
        instruments,
        controller.signal,
      ),
  };
}

/** Times of two cores since boot: shares that programs used of core 0, the target's, and of core 1, the generator's; and what was stolen of both. */
export function coresAt(at: number, ofTarget: number, ofGenerator: number, steal = 0): NonNullable<HostEdge['times']> {
  const ticks = (share: number) => Math.round(at * 100 * share);
  const times = (programs: number) => ({ total: ticks(1), steal: ticks(steal), programs: ticks(programs) });
  return new Map([
    [0, times(ofTarget)],
    [1, times(ofGenerator)],
  ]);
}

function coreSpeed(core: number, ratio: number): CoreSpeed {
  return { core, calmSeconds: 150e-6, ratio, series: [{ second: 0, bursts: 25, ratio }], meterShare: 0.004 };
}

/** Cores that nobody but the trial uses: as busy as the mock probe says its server is. */
function calmEdge(at: number): HostEdge {
  return {
    times: coresAt(at, 0.6, 0.05),
    frequencies: null,
    swappedPages: 0,
  };
}

function infoOf(wanted: { runtime: string; model: string; nonce: string; cores: number }): Info {
  return {
    runtime: wanted.runtime,
    version: formatVersion,
    model: wanted.model,
    nonce: wanted.nonce,
    cores: wanted.cores,
    coresSeen: wanted.cores,
    processes: 1,
    threads: null,
    cpuPool: null,
    upstreamPool: null,
    databasePool: null,
    cpuWork: 'event-loop',
    server: 'mock',
    eventLoop: null,
    gil: null,
    gc: null,
    noDelay: true,
    keepAliveSeconds: 75,
    backlog: 4096,
    libraries: {},
  };
}
