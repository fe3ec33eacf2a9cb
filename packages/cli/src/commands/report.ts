import { resolve } from 'node:path';
import { UsageError } from '@photofinish/schema';
import { findRun, latestRun } from '@photofinish/store';
import type { Command } from 'commander';
import { conclude } from '../session/conclude.ts';
import { type CommandContext, command, type SharedOptions } from './command.ts';

/** `photofinish report [run]`: makes analysis and page anew from the files of a run; measures nothing. */
export function reportCommand(context: CommandContext): Command {
  return command(
    'report',
    'make the page of a run anew, from its files alone',
    'photofinish report 20260131T120000Z-0a1b2c',
  )
    .argument('[run]', 'id or folder of a run; the newest one when absent')
    .option('--out <folder>', 'folder of results', context.defaultOut)
    .action((name: string | undefined, options: SharedOptions & { out: string }) =>
      context.perform(options, async (invocation) => {
        const out = resolve(invocation.workingFolder, options.out);
        return await conclude(name === undefined ? await newest(out) : await findRun(out, name), invocation);
      }),
    );
}

async function newest(out: string): Promise<string> {
  const run = await latestRun(out);
  if (run !== null) return run.folder;
  throw new UsageError('E_NO_SUCH_RUN', {
    what: 'There is no run yet.',
    where: out,
    remedy: 'Measure first: npm run quick',
  });
}
