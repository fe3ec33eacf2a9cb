import { type Clock, type Seconds, seconds } from '@photofinish/schema';

/** A clock turned by hand: `sleep` moves it at once, so that minutes of a plan pass in milliseconds. */
export class VirtualClock implements Clock {
  private elapsed = 0;
  private wallStep = 0;
  private readonly timers = new Set<{ readonly due: number; readonly action: () => void }>();
  private readonly origin: Date;

  constructor(origin = new Date('2026-01-01T00:00:00Z')) {
    this.origin = origin;
  }

  now(): Seconds {
    return seconds(this.elapsed);
  }

  wall(): Date {
    return new Date(this.origin.getTime() + (this.elapsed + this.wallStep) * 1000);
  }

  async sleep(duration: Seconds, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.advance(duration);
    await Promise.resolve();
    signal?.throwIfAborted();
  }

  after(duration: Seconds, action: () => void): () => void {
    const timer = { due: this.elapsed + duration, action };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Sets the wall clock forward, or back when negative, as an operator would; monotonic time stays. */
  stepWall(duration: number): void {
    this.wallStep += duration;
  }

  /** Moves the clock forward and calls back whatever is due. */
  advance(duration: number): void {
    this.elapsed += duration;
    for (const timer of [...this.timers]) {
      if (timer.due > this.elapsed) continue;
      this.timers.delete(timer);
      timer.action();
    }
  }
}
