import { type Clock, type Phase, type Seconds, seconds } from '@photofinish/schema';

/** How long each phase of a trial took, in the order they happened. */
export class PhaseLog {
  private readonly clock: Clock;
  private readonly finished: { phase: Phase; seconds: Seconds }[] = [];
  private open: { phase: Phase; since: Seconds } | null = null;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** The phase under way, or the last one. */
  get current(): Phase {
    return this.open?.phase ?? this.finished.at(-1)?.phase ?? 'start';
  }

  /** Ends the phase under way and begins the next. */
  enter(phase: Phase): void {
    this.close();
    this.open = { phase, since: this.clock.now() };
  }

  /** Ends the phase under way and returns all of them. */
  close(): { phase: Phase; seconds: Seconds }[] {
    if (this.open !== null)
      this.finished.push({ phase: this.open.phase, seconds: seconds(this.clock.now() - this.open.since) });
    this.open = null;
    return this.finished;
  }
}
