import { findLeftovers, removeLeftover } from '@photofinish/engines';
import type { Command } from 'commander';
import { exitCodes } from '../exit-code.ts';
import { type CommandContext, command, type SharedOptions } from './command.ts';

/** `photofinish gc`: lists what a dead harness left behind, and removes it only when told to. */
export function gcCommand(context: CommandContext): Command {
  return command('gc', 'list what carries our label and has no living owner', 'photofinish gc --remove')
    .option('--remove', 'remove what is listed')
    .action((options: SharedOptions & { remove?: boolean }) =>
      context.perform(options, async ({ terminal, json }) => {
        const leftovers = await findLeftovers();
        if (options.remove === true) await Promise.all(leftovers.map((leftover) => removeLeftover(leftover)));
        const removed = options.remove === true;
        if (json) terminal.out(`${JSON.stringify({ processes: leftovers, removed })}\n`);
        else if (leftovers.length === 0) terminal.out('Nothing is left over.\n');
        else {
          const lines = leftovers.map(({ pid, program }) => `process ${pid} (${program}), its harness is gone`);
          terminal.out(`${lines.join('\n')}\n${removed ? 'Removed.' : 'Remove with: photofinish gc --remove'}\n`);
        }
        return exitCodes.done;
      }),
    );
}
