import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Experiment } from '@photofinish/schema';
import type { Command } from 'commander';
import { resultsFolder } from '../installation.ts';
import { coreNumbers, wholeNumber } from '../selection.ts';
import { measure, resume } from '../session/measure.ts';
import type { Invocation } from '../terminal.ts';
import type { CommandContext, SharedOptions } from './command.ts';
import { type SiteOptions, siteChoice, siteFlags } from './site-flags.ts';

/** Flags of the commands that measure or plan. */
export interface PlanOptions extends SharedOptions, SiteOptions {
  readonly all?: boolean;
  readonly targets?: string;
  readonly alias?: string;
  readonly blocks?: string;
  readonly seed?: string;
  readonly cores?: string;
  readonly sweepCores?: boolean;
}

/** Flags of the commands that measure. */
export interface MeasureOptions extends PlanOptions {
  readonly out: string;
  readonly resume?: string | true;
  readonly wait: string;
}

/** Adds the flags that shape a plan. */
export function planFlags(command: Command): Command {
  return siteFlags(command)
    .option('--all', 'every target of the experiment')
    .option('--targets <list>', 'targets by name with commas; the baseline is always measured too')
    .option('--alias <target>', 'the target that is its own rival in each block (A/A), or rotating: each in turn')
    .option('--blocks <number>', 'blocks of each comparison')
    .option('--seed <number>', 'seed of order and load; drawn when absent')
    .option('--cores <list>', 'core numbers the run may use, as in 0,2-3; all when absent')
    .option('--sweep-cores', 'every comparison on 1, 2, 4, ... and all cores, whatever number it names');
}

/** Adds the flags of measuring. */
export function measureFlags(command: Command, context: CommandContext): Command {
  return planFlags(command)
    .option('--out <folder>', 'folder for results', context.defaultOut)
    .option('--resume [run]', 'go on with an interrupted run, the newest one when none is named')
    .option(
      '--wait <seconds>',
      'wait this long for cores that another run holds, instead of ending with exit code 8',
      '0',
    );
}

/** The numbers behind the flags that shape a plan. Throws `UsageError` for what is not one. */
export function planNumbers(experiment: Experiment, options: PlanOptions) {
  return {
    experiment,
    ...siteChoice(options),
    blocks: options.blocks === undefined ? experiment.blocks.default : wholeNumber('--blocks', options.blocks, 1, 1000),
    seed: options.seed === undefined ? null : wholeNumber('--seed', options.seed, 0, 2 ** 31 - 1),
    cores: options.cores === undefined ? null : coreNumbers(options.cores),
    sweepCores: options.sweepCores === true,
    ...(options.targets !== undefined && { targets: options.targets }),
    ...(options.all !== undefined && { all: options.all }),
    ...(options.alias !== undefined && { alias: options.alias }),
  };
}

/** Measures an experiment or goes on with a run, and returns the exit code. */
export async function measureCommand(
  experiment: Experiment,
  options: MeasureOptions,
  invocation: Invocation,
): Promise<number> {
  const out = resolve(invocation.workingFolder, options.out);
  // The usual folder need not exist yet; where it cannot be made, the store says why. One that somebody named must exist.
  if (out === resultsFolder(invocation.root, invocation.workingFolder))
    await mkdir(out, { recursive: true }).catch(() => {});
  const waitSeconds = wholeNumber('--wait', options.wait, 0, 86_400);
  if (options.resume !== undefined)
    return await resume({ out, waitSeconds }, options.resume, experiment.id, invocation);
  return await measure({ ...planNumbers(experiment, options), out, waitSeconds }, invocation);
}
