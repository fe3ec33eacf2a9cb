import { setTimeout as pause } from 'node:timers/promises';
import type { NativeCore } from '@photofinish/loadgen';
import type { Options } from '../options.ts';
import { own } from '../peers/own.ts';
import type { Load, Peer, Way } from '../peers/peer.ts';
import { busyShareSince, coreTimes, thisHost } from '../records/host.ts';
import type { BenchRecord, Repetition } from '../records/record.ts';
import { inLanes, spread } from './lanes.ts';
import { pairsOnNullServer } from './null-server.ts';
import { repetitionOnStallServer, stall } from './stall-server.ts';
import { isValid } from './validity.ts';

/** A peer that was found. */
export interface FoundPeer {
  readonly peer: Peer;
  readonly version: string;
}

/** What the comparison tells while it goes on. */
export interface Listener {
  /** A line for the person who waits. */
  say(line: string): void;
  /** A load failed; the others go on. */
  fail(way: string, error: unknown): void;
}

type Terms = Omit<Load, 'url'>;

/** Loads of each part: 50 connections as most peers have it; the stall's pool is 1.4 times what one stall catches. */
const loads = {
  closed: { connections: 50, rate: null, bodyBytes: 2 },
  open: { connections: 50, bodyBytes: 2 },
  stallOpen: { connections: 700, rate: 500, bodyBytes: 2, seconds: 2 * stall.period },
  stallClosed: { connections: 50, rate: null, bodyBytes: 2, seconds: 2 * stall.period },
} as const satisfies Record<string, Partial<Terms>>;

/** Measures the parts asked for and gives each record to `keep`: those of pairs when whole, those of repetitions after each. */
export class Comparison {
  private readonly core: NativeCore;
  private readonly options: Options;
  private readonly peers: readonly FoundPeer[];
  private readonly listener: Listener;
  private readonly keep: (record: BenchRecord) => Promise<void>;
  private readonly own: Way;

  constructor(
    core: NativeCore,
    options: Options,
    peers: readonly FoundPeer[],
    listener: Listener,
    keep: (record: BenchRecord) => Promise<void>,
  ) {
    this.core = core;
    this.options = options;
    this.peers = peers;
    this.listener = listener;
    this.keep = keep;
    this.own = own(core, [options.cores.generator]);
  }

  /** Rejects with the signal's reason when it is aborted. */
  async perform(signal: AbortSignal): Promise<void> {
    const { seconds, rate, parts } = this.options;
    if (parts.includes('null-closed')) await this.costs('null-closed', { ...loads.closed, seconds }, signal);
    if (parts.includes('null-open')) await this.openCosts({ ...loads.open, rate, seconds }, signal);
    if (parts.includes('stall-open')) await this.truths(signal);
    if (parts.includes('stall-closed')) await this.omissions(signal);
  }

  private get place() {
    return { core: this.core, cores: [this.options.cores.generator] };
  }

  /** Ours sends each request when it is due. Beside a peer that does not, once more with as many at once. */
  private async openCosts(load: Terms & { rate: number }, signal: AbortSignal): Promise<void> {
    await this.costs('null-open', load, signal);
    for (const found of this.peers) {
      const burst = found.peer.burst?.(load) ?? 1;
      if (burst > 1) await this.costs('null-open', { ...load, burst }, signal, [found]);
    }
  }

  private async costs(
    part: 'null-closed' | 'null-open',
    load: Terms,
    signal: AbortSignal,
    beside: readonly FoundPeer[] = this.peers,
  ): Promise<void> {
    for (const { peer, version } of beside) {
      const way = part === 'null-closed' ? peer.closed : peer.open[0];
      if (way === undefined) continue;
      await this.guarded(part, way, signal, async () => {
        const head = this.head(way, version, load);
        const { pairs } = this.options;
        const done = await pairsOnNullServer(
          { own: this.own, peer: way, load, pairs, serverCore: this.options.cores.server },
          this.place,
          ({ own: mine, peer: theirs }) => {
            const cost = (side: typeof mine) => ((side.cpuSeconds / side.requests) * 1e6).toFixed(2);
            this.listener.say(`${part}: ours ${cost(mine)} us a request, ${way.id} ${cost(theirs)} us`);
          },
          signal,
        );
        await this.keep({ part, ...head(), pairs: done });
      });
    }
  }

  /** Light loads that leave the cores idle: several at once. */
  private async truths(signal: AbortSignal): Promise<void> {
    const { repetitions, peerRepetitions, lanes } = this.options;
    const theirs = this.peers.flatMap(({ peer, version }) =>
      peer.open.map((way) => ({ way, version, count: peerRepetitions })),
    );
    await this.stalled('stall-open', loads.stallOpen, [this.ours(repetitions), ...theirs], lanes, signal);
  }

  /** One at a time, because a closed loop takes whole cores. */
  private async omissions(signal: AbortSignal): Promise<void> {
    const { peerRepetitions } = this.options;
    const theirs = this.peers.map(({ peer, version }) => ({ way: peer.closed, version, count: peerRepetitions }));
    await this.stalled('stall-closed', loads.stallClosed, [this.ours(peerRepetitions), ...theirs], 1, signal);
  }

  private ours(count: number) {
    return { way: this.own, version: this.core.version, count };
  }

  private async stalled(
    part: 'stall-open' | 'stall-closed',
    load: Terms,
    ways: readonly { way: Way; version: string; count: number }[],
    lanes: number,
    signal: AbortSignal,
  ): Promise<void> {
    const tasks = spread(
      ways.map(({ way, version, count }) => {
        const done: Repetition[] = [];
        return { way, count, done, left: count, head: this.head(way, version, load) };
      }),
    );
    // Stalls of one lane's server end between those of the others: each end is a burst of answers.
    const apart = async (lane: number) =>
      await pause((lane * stall.period * 1000) / lanes, undefined, { signal }).catch(() => signal.throwIfAborted());
    await inLanes(lanes, tasks, apart, async (task) => {
      const { way, count, done, head } = task;
      await this.guarded(part, way, signal, async () => {
        const one = await repetitionOnStallServer(way, load, this.options.cores.server, this.place, signal);
        done.push(one);
        // What is invalid is kept and made again, at most as often as it was asked for.
        if (!isValid(one) && done.length + task.left <= 2 * count) tasks.push(task);
        else task.left--;
        this.listener.say(`${part}: ${way.id} ${count - task.left} of ${count}: ${shown(one)}`);
        await this.keep({ part, ...head(), repetitions: done });
      });
    });
  }

  /** A load that fails must not cost the figures of the others; an interruption ends everything. */
  private async guarded(part: string, way: Way, signal: AbortSignal, perform: () => Promise<void>): Promise<void> {
    try {
      await perform();
    } catch (error) {
      signal.throwIfAborted();
      this.listener.fail(`${part}: ${way.id}`, error);
    }
  }

  /** The head of a record whose measuring begins now. */
  private head(way: Way, version: string, load: Terms) {
    const before = coreTimes();
    const takenAt = new Date().toISOString();
    const { connections, rate, burst = 1, seconds } = load;
    return () => ({
      schemaVersion: 1 as const,
      way: way.id,
      words: way.words(load),
      version,
      instrument: this.core.version,
      takenAt,
      host: thisHost(),
      connections,
      rate,
      burst,
      seconds,
      busyShare: busyShareSince(before),
    });
  }
}

function shown(one: Repetition): string {
  const { mean, p50, p95, p99 } = one.times;
  const times = [mean, p50, p95, p99].map((time) => (time === null ? '-' : (time * 1e3).toFixed(1)));
  const doubts = [
    ...one.failedGates,
    ...(one.sentAgain ? [`${one.sentAgain} segments sent again`] : []),
    ...((one.serverWaited ?? 0) > 0.1 ? [`server ${((one.serverWaited ?? 0) * 1e3).toFixed(0)} ms without core`] : []),
    ...(one.serverLate > 0.01 ? [`server ${(one.serverLate * 1e3).toFixed(0)} ms late`] : []),
  ];
  return `mean, p50, p95, p99 ${times.join(', ')} ms${isValid(one) ? '' : ', invalid'}${doubts.length === 0 ? '' : ` (${doubts.join(', ')})`}`;
}
