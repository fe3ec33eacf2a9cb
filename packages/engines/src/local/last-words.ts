const limit = 65_536;

/** Keeps the tail of what a process prints: at most 64 KiB, so that a log flood costs no memory. */
export class LastWords {
  private text = '';

  /** Appends a chunk and forgets what is older than the limit. */
  add(chunk: string): void {
    this.text = (this.text + chunk).slice(-limit);
  }

  /** The tail kept so far. */
  toString(): string {
    return this.text;
  }
}
