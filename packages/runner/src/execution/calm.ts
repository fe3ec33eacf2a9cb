import { type Clock, type Environment, seconds } from '@photofinish/schema';
import type { RunnerListener } from '../events.ts';
import { slownessLimit } from '../guards/speed.ts';
import type { HostInstruments } from '../trial/context.ts';

/** Longest wait before one trial, and of a whole run, seconds. */
const longest = { trial: 30, run: 180 };

/** Time between two looks at a host that is not calm, seconds. */
const pause = seconds(1);

/** Waits before a trial until the host is calm enough for it: bounded, told, and counted. */
export class CalmWait {
  private readonly host: HostInstruments;
  private readonly clock: Clock;
  private readonly limit: number;
  private readonly listener: RunnerListener;
  private total = 0;

  constructor(host: HostInstruments, clock: Clock, hostClass: Environment['hostClass'], listener: RunnerListener) {
    this.host = host;
    this.clock = clock;
    this.limit = slownessLimit[hostClass];
    this.listener = listener;
  }

  /** Seconds that this run has waited so far. */
  get totalSeconds(): number {
    return this.total;
  }

  /** Waits until none of the cores is slower than the guard of the trial would allow, as long as there is time; returns how long. */
  async wait(cores: readonly number[], signal: AbortSignal): Promise<number> {
    const longestSeconds = Math.min(longest.trial, longest.run - this.total);
    let ratio = await this.host.idleSpeed(cores);
    if (ratio === null || ratio <= this.limit || longestSeconds < pause) return 0;
    this.listener({ kind: 'calm-awaited', ratio, longestSeconds });
    const begun = this.clock.now();
    let waitedSeconds = 0;
    while (ratio !== null && ratio > this.limit && longestSeconds - waitedSeconds > pause / 2) {
      await this.clock.sleep(pause, signal);
      ratio = await this.host.idleSpeed(cores);
      waitedSeconds = this.clock.now() - begun;
    }
    this.total += waitedSeconds;
    const isCalm = ratio === null || ratio <= this.limit;
    this.listener({ kind: 'calm-wait-over', ratio: ratio ?? this.limit, waitedSeconds, isCalm });
    return waitedSeconds;
  }
}
