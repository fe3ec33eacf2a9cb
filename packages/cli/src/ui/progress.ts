import type { Progress, RunnerEvent, RunnerListener } from '@photofinish/runner';
import type { TrialRecord } from '@photofinish/schema';
import type { Terminal } from '../terminal.ts';
import { duration } from './duration.ts';

/**
 * Shows a run: a line per finished trial, and on a terminal one more that says what is under way. It writes only when the runner speaks,
 * which is never while a window is measured.
 */
export function progressView(terminal: Terminal): RunnerListener {
  const { interactive, errColours: colours } = terminal;
  const clear = interactive ? '\r\u001b[K' : '';
  const line = (text: string) => terminal.err(`${clear}${text}\n`);
  return (event: RunnerEvent) => {
    switch (event.kind) {
      case 'block-started':
        if (!interactive)
          line(`block ${event.block.blockId}: ${event.block.trials.length} trials ${left(event.progress)}`);
        break;
      case 'capacity-measured':
        line(
          colours.dim(
            `  ${event.cores} cores did ${event.capacity.toFixed(2)} times the work of one (parallel capacity)`,
          ),
        );
        break;
      case 'calm-awaited':
        line(
          colours.yellow(
            `  this host takes ${timesAsLong(event.ratio)} now: waiting for calm, at most ${duration(event.longestSeconds)}`,
          ),
        );
        break;
      case 'calm-wait-over':
        line(
          colours.yellow(
            `  waited ${duration(event.waitedSeconds)}: ${event.isCalm ? 'calm again' : `still ${timesAsLong(event.ratio)}, going on`}`,
          ),
        );
        break;
      case 'trial-started':
        if (interactive)
          terminal.err(
            `${clear}${colours.cyan('>')} ${event.block.blockId} ${event.trial.targetId} ${left(event.progress)}`,
          );
        break;
      case 'trial-finished':
        line(trialLine(event.record, event.progress, terminal));
        break;
      case 'target-quarantined':
        line(colours.yellow(`  ${event.targetId} failed twice in a row and is left out from here on`));
        break;
      case 'run-finished':
        terminal.err(clear);
        if (event.calmWaitSeconds > 0) line(`waited ${duration(event.calmWaitSeconds)} for calm in this run`);
        break;
    }
  };
}

const timesAsLong = (ratio: number) => `${ratio.toFixed(2)} times as long as when calm`;

const left = (progress: Progress) =>
  `(${progress.done} of ${progress.total} trials done, about ${duration(progress.remainingSeconds)} left)`;

function trialLine(record: TrialRecord, progress: Progress, { errColours: colours }: Terminal): string {
  const count = `[${String(progress.done).padStart(String(progress.total).length)}/${progress.total}]`;
  const name = `${record.comparisonId} ${record.replicate} ${record.targetId}${record.role === 'alias' ? ' (A/A)' : ''}`;
  const attempt = record.attempt > 1 ? ` attempt ${record.attempt}` : '';
  switch (record.state) {
    case 'ok':
      return `${colours.dim(count)} ${colours.green('ok')} ${name}${attempt}: ${record.measurement.throughput.toFixed(record.measurement.throughput < 100 ? 1 : 0)} requests/s`;
    case 'failed':
    case 'invalid':
      return `${colours.dim(count)} ${colours.red(record.state)} ${name}${attempt}: ${record.cause}: ${record.message.split('\n')[0]}`;
    case 'skipped':
    case 'not-run':
    case 'interrupted':
      return `${colours.dim(count)} ${colours.yellow(record.state)} ${name}${attempt}: ${record.cause}`;
  }
}
