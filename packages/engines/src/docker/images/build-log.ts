/** The step a build failed in, with what it said. */
export interface FailedStep {
  /** `[build 3/5] RUN go build`; null where no step had begun. */
  readonly step: string | null;
  /** Its last lines, oldest first, the builder's own word last. */
  readonly lines: readonly string[];
}

interface Step {
  readonly title: string;
  readonly lines: string[];
  ended: boolean;
  error: string | null;
}

/** Lines of a step that are kept. */
const keptLines = 30;

/**
 * Reads what `docker buildx build --progress=plain` prints: `#7 [build 3/5] RUN ...` begins step 7 or goes on with it, `#7 0.412 text` is what it
 * printed after 0.412 s, `#7 ERROR: ...` how it failed. Steps are printed interleaved.
 */
export class BuildLog {
  private readonly steps = new Map<string, Step>();
  private readonly loose: string[] = [];

  /** Takes one line. Returns the title of the step of the Dockerfile that it begins, or null. */
  take(line: string): string | null {
    const [, key, text] = /^#(\d+) (.*)$/.exec(line) ?? [];
    if (key === undefined || text === undefined) {
      if (line.trim() !== '') keep(this.loose, line);
      return null;
    }
    const step = this.steps.get(key);
    if (step === undefined) {
      const title = titleOf(text);
      this.steps.set(key, { title, lines: [], ended: false, error: null });
      return /^\[(?!internal)/.test(title) ? title : null;
    }
    const [, error] = /^ERROR: (.*)$/.exec(text) ?? [];
    if (error !== undefined) step.error ??= error;
    else if (/^(DONE\b|CACHED$)/.test(text)) step.ended = true;
    else if (!/^(CANCELED|\.\.\.)$/.test(text) && titleOf(text) !== step.title)
      keep(step.lines, text.replace(/^\d+\.\d+ /, ''));
    return null;
  }

  /** The step that failed of its own; what the builder said last where none did. */
  failed(): FailedStep {
    const failed = [...this.steps.values()].find(({ error }) => error !== null && !/context canceled/.test(error));
    if (failed === undefined) return { step: null, lines: this.loose };
    return { step: failed.title, lines: [...failed.lines, failed.error ?? ''] };
  }

  /** The step that began last of those under way, with its last lines: where a build stood when it was ended. */
  unfinished(): FailedStep {
    const last = [...this.steps.values()].findLast(({ ended, title }) => !ended && title.startsWith('['));
    return last === undefined ? { step: null, lines: this.loose } : { step: last.title, lines: last.lines };
  }
}

/** The title of a step without its mounts, which say nothing of what it does. */
function titleOf(text: string): string {
  return text
    .replace(/--mount=\S+\s+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function keep(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > keptLines) lines.shift();
}
