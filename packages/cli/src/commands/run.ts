import { findExperiment } from '@photofinish/experiments';
import type { Command } from 'commander';
import { type CommandContext, command } from './command.ts';
import { type MeasureOptions, measureCommand, measureFlags } from './measuring.ts';

/** `photofinish run <experiment>`: measures any experiment. */
export function runCommand(context: CommandContext): Command {
  return measureFlags(
    command('run', 'measure an experiment', 'photofinish run quick --blocks 10 --targets go/goroutines'),
    context,
  )
    .argument('<experiment>', 'name of the experiment')
    .action((name: string, options: MeasureOptions) =>
      context.perform(options, (invocation) => measureCommand(findExperiment(name), options, invocation)),
    );
}
