import { findExperiment } from '@photofinish/experiments';
import { makePlan } from '@photofinish/runner';
import { canonicalJson, type Plan, type PlannedComparison, seconds } from '@photofinish/schema';
import type { Command } from 'commander';
import { exitCodes } from '../exit-code.ts';
import { chooseTargets } from '../selection.ts';
import { grantedCores } from '../session/granted-cores.ts';
import { surveySite } from '../session/site/survey.ts';
import { allRuntimes } from '../setup/runtimes.ts';
import type { Invocation } from '../terminal.ts';
import { duration } from '../ui/duration.ts';
import { type CommandContext, command } from './command.ts';
import { type PlanOptions, planFlags, planNumbers } from './measuring.ts';

/** `photofinish plan <experiment>`: what would be measured, in which order and for how long; starts nothing. */
export function planCommand(context: CommandContext): Command {
  return planFlags(
    command('plan', 'show what an experiment would measure, and start nothing', 'photofinish plan quick --all'),
  )
    .argument('<experiment>', 'name of the experiment')
    .action((name: string, options: PlanOptions) =>
      context.perform(options, (invocation) => showPlan(name, options, invocation)),
    );
}

async function showPlan(name: string, options: PlanOptions, invocation: Invocation): Promise<number> {
  const { experiment, blocks, seed, cores, sweepCores, engine, network } = planNumbers(findExperiment(name), options);
  const runtimes = await allRuntimes(invocation);
  const choice = chooseTargets(experiment, runtimes, options);
  await using survey = await surveySite(invocation, runtimes, { engine, network });
  const plan = makePlan(
    { ...experiment, alias: choice.alias },
    {
      targets: survey.planned(choice.targetIds),
      blocks,
      seed: seed ?? 0,
      ...(await grantedCores(survey, cores)),
      sweepCores,
      engine,
      placement: survey.placement,
    },
  );
  invocation.terminal.out(invocation.json ? `${canonicalJson(plan)}\n` : planText(plan));
  return exitCodes.done;
}

function planText(plan: Plan): string {
  const trials = plan.blocks.reduce((sum, block) => sum + block.trials.length, 0);
  const lines = [
    `${plan.experiment.title}: ${plan.experiment.question}`,
    '',
    `${trials} trials in ${plan.blocks.length} blocks, about ${duration(seconds(plan.estimateSeconds))}; seed ${plan.seed}, plan ${plan.hash.slice(0, 12)}`,
    `baseline ${plan.baseline}${plan.provisional ? '; too few blocks for more than a provisional verdict' : ''}`,
    '',
    'Comparisons',
    ...plan.comparisons.map(comparisonText),
    ...plan.leftOut.map(({ comparisonId, reason }) => `  ${comparisonId}: left out, ${reason}`),
    '',
    'Targets',
    ...plan.targets.map(({ targetId, toolchain, absence }) =>
      absence === null
        ? `  ${targetId} (${toolchain})`
        : `  ${targetId}: not-run, ${absence.reason}; ${absence.remedy}`,
    ),
    '',
    'Order',
    ...plan.blocks.map(
      (block) =>
        `  ${block.blockId}: ${block.trials.map(({ targetId, role }) => (role === 'alias' ? `${targetId} (A/A)` : targetId)).join(', ')}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function comparisonText({ id, workload, load, ...cores }: PlannedComparison): string {
  const { loop, connections } = load.arrivals;
  return `  ${id}: GET ${workload.path}, ${loop} loop, ${connections} connections; ${coresText(cores)}`;
}

/** Who has which cores: the whole division, so that it can be checked against the machine before anything is measured. */
function coresText(cores: Omit<PlannedComparison, 'id' | 'workload' | 'load'>): string {
  const { targetCores, targetPhysicalCores, generatorCores, helperCores, harnessCores, idleCores } = cores;
  const siblings =
    targetPhysicalCores < targetCores.length
      ? ` (SMT siblings: ${targetPhysicalCores} physical ${targetPhysicalCores === 1 ? 'core' : 'cores'})`
      : '';
  const shared = cores.sharesCores ? ' (shared)' : cores.sharesPhysicalCores ? ' (SMT sibling of the target)' : '';
  const idle = idleCores.length === 0 ? '' : `, idle ${idleCores.join(',')}`;
  return `target on cores ${targetCores.join(',')}${siblings}, generator on ${generatorCores.join(',')}${shared}, helpers on ${helperCores.join(',')}, harness on ${harnessCores.join(',')}${idle}`;
}
