import { findExperiment } from '@photofinish/experiments';
import type { Command } from 'commander';
import { type CommandContext, command } from './command.ts';
import { type MeasureOptions, measureCommand, measureFlags } from './measuring.ts';

/** `photofinish quick`: the tour of a few minutes, from nothing to a verdict and a page. */
export function quickCommand(context: CommandContext): Command {
  return measureFlags(
    command('quick', 'measure five servers in a few minutes and write a page', 'photofinish quick --all'),
    context,
  ).action((options: MeasureOptions) =>
    context.perform(options, (invocation) => measureCommand(findExperiment('quick'), options, invocation)),
  );
}
