import { randomInt } from 'node:crypto';
import { confineProcess } from '@photofinish/loadgen';
import { hostKeyOf, readHost } from '@photofinish/probes';
import { executePlan, type Instruments, makePlan } from '@photofinish/runner';
import {
  type Environment,
  EnvironmentError,
  type Experiment,
  InterruptedError,
  type NetworkPath,
  type Plan,
  type PlannedTarget,
  systemClock,
  type TrialRecord,
  UsageError,
} from '@photofinish/schema';
import { createRun, findRun, listRuns, newRunId, type RunWriter, resumeRun } from '@photofinish/store';
import { chooseTargets, type TargetChoice } from '../selection.ts';
import { allRuntimes } from '../setup/runtimes.ts';
import type { Invocation } from '../terminal.ts';
import { progressView } from '../ui/progress.ts';
import { conclude } from './conclude.ts';
import { accountOfHost, environmentOf } from './environment.ts';
import { grantedCores } from './granted-cores.ts';
import { requireSameImages } from './image-check.ts';
import { instrumentsAt } from './instruments.ts';
import { type HeldCores, leaseCores } from './lease.ts';
import { openSite } from './site/open-site.ts';
import type { Site } from './site/site.ts';

/** What to measure and where to put it. */
export interface MeasureRequest {
  readonly experiment: Experiment;
  readonly engine: 'local' | 'docker';
  /** Null: what suits the engine. */
  readonly network: Exclude<NetworkPath, 'loopback'> | null;
  readonly targets?: string;
  readonly all?: boolean;
  readonly alias?: string;
  readonly blocks: number;
  readonly seed: number | null;
  /** Null: every core there is to be had. */
  readonly cores: readonly number[] | null;
  /** Whether every comparison is made at 1, 2, 4, ... and all cores. */
  readonly sweepCores: boolean;
  readonly out: string;
  /** How long to wait for cores that another run holds, seconds. */
  readonly waitSeconds: number;
}

/** Measures an experiment from the beginning, and returns the exit code. */
export async function measure(request: MeasureRequest, invocation: Invocation): Promise<number> {
  const { experiment, engine, network } = request;
  const choice = chooseTargets(experiment, await allRuntimes(invocation), request);
  const runId = newRunId(systemClock.wall());
  await using site = await openSite(invocation, { engine, network, runtimeIds: runtimesOf(choice.targetIds), runId });
  const targets = site.planned(choice.targetIds);
  requireNamed(choice, targets);
  const plan = makePlan(
    { ...experiment, alias: choice.alias },
    {
      targets,
      blocks: request.blocks,
      seed: request.seed ?? randomInt(0, 2 ** 31),
      ...(await grantedCores(site, request.cores)),
      sweepCores: request.sweepCores,
      engine,
      placement: site.placement,
    },
  );
  requireTrials(plan);
  const instruments = instrumentsAt(site);
  const account = await accountOfHost(site, plan);
  const environment = await environmentOf(invocation.root, runId, plan, account, site, systemClock.wall());
  await using lease = await leaseCores(site, plan, environment, request.waitSeconds, invocation);
  await using writer = await createRun(request.out, plan, environment);
  return await finish({ plan, environment, earlier: [], writer, site, instruments, lease, invocation });
}

/** Goes on with an interrupted run, the newest partial one of the experiment when none is named, and returns the exit code. */
export async function resume(
  request: Pick<MeasureRequest, 'out' | 'waitSeconds'>,
  name: string | true,
  experimentId: string,
  invocation: Invocation,
): Promise<number> {
  const { out } = request;
  const folder = name === true ? await newestPartialRun(out, experimentId) : await findRun(out, name);
  const host = await readHost();
  const resumed = await resumeRun(folder, { hostKeyFor: ({ engine }) => hostKeyOf(host, engine) });
  await using writer = resumed.writer;
  const { plan, environment, records, repairs, repeatedBlocks } = resumed;
  for (const { path, reason } of repairs) invocation.terminal.err(`mended: ${path}: ${reason}\n`);
  for (const blockId of repeatedBlocks)
    invocation.terminal.err(`block ${blockId} begins again: it was begun before this machine was started anew\n`);
  const measured = plan.targets.filter(({ absence }) => absence === null).map(({ targetId }) => targetId);
  await using site = await openSite(invocation, {
    engine: plan.engine === 'docker' ? 'docker' : 'local',
    network: plan.placement.network === 'loopback' ? null : plan.placement.network,
    runtimeIds: runtimesOf(measured),
    runId: environment.runId,
  });
  const targets = site.planned(measured);
  requireToolchains(targets);
  requireSameImages(plan.targets, targets);
  const instruments = instrumentsAt(site);
  await using lease = await leaseCores(site, plan, environment, request.waitSeconds, invocation);
  return await finish({ plan, environment, earlier: records, writer, site, instruments, lease, invocation });
}

async function newestPartialRun(out: string, experimentId: string): Promise<string> {
  const partial = (await listRuns(out)).findLast((run) => run.experimentId === experimentId && run.state === 'partial');
  if (partial !== undefined) return partial.folder;
  throw new UsageError('E_NO_SUCH_RUN', {
    what: `There is no interrupted run of ${experimentId} to go on with.`,
    where: out,
    remedy: `Begin a new one: npm run quick`,
  });
}

/** Targets named one by one must be there; by default an absent one becomes a row of the table. */
function requireNamed(choice: TargetChoice, targets: readonly PlannedTarget[]): void {
  if (choice.named) requireToolchains(targets);
}

function requireToolchains(targets: readonly PlannedTarget[]): void {
  const absent = targets.flatMap(({ targetId, absence }) => (absence === null ? [] : [{ targetId, absence }]));
  if (absent.length === 0) return;
  throw new EnvironmentError('E_TARGET_ABSENT', {
    what: `${absent.map(({ targetId }) => targetId).join(', ')} cannot be measured on this machine.`,
    given: absent.map(({ targetId, absence }) => `${targetId}: ${absence.reason}`).join('\n'),
    remedy: [...new Set(absent.map(({ absence }) => absence.remedy))].join('\n'),
  });
}

function requireTrials(plan: Plan): void {
  if (plan.blocks.some((block) => block.trials.length > 0)) return;
  requireToolchains(plan.targets);
}

interface Sitting {
  readonly plan: Plan;
  readonly environment: Environment;
  readonly earlier: readonly TrialRecord[];
  readonly writer: RunWriter;
  readonly site: Site;
  readonly instruments: Instruments;
  readonly lease: HeldCores;
  readonly invocation: Invocation;
}

async function finish({
  plan,
  environment,
  earlier,
  writer,
  site,
  instruments,
  lease,
  invocation,
}: Sitting): Promise<number> {
  const { runId } = environment;
  const { terminal, signal } = invocation;
  const harnessCores = [...new Set(plan.comparisons.flatMap((comparison) => comparison.harnessCores))];
  await confineProcess(site.core, process.pid, harnessCores);
  const calibration = environment.conditions.find(({ id }) => id === 'calibration');
  if (calibration !== undefined) terminal.err(`${calibration.title}: ${calibration.found}\n`);
  terminal.err(
    `Measuring ${plan.blocks.length} blocks on cores ${plan.grantedCores.join(',')}; results go to ${writer.folder}\n`,
  );
  try {
    await executePlan(
      {
        runId,
        plan,
        earlier,
        hostClass: environment.hostClass,
        recorder: writer,
        listener: progressView(terminal),
        lost: lease.lost,
      },
      instruments,
      signal,
    );
  } catch (error) {
    if (!signal.aborted) throw error;
    throw interruption(signal, plan.experiment.id, runId);
  }
  await writer.seal();
  return await conclude(writer.folder, invocation);
}

function interruption(signal: AbortSignal, experimentId: string, runId: string): unknown {
  if (!(signal.reason instanceof InterruptedError)) return signal.reason;
  return new InterruptedError(signal.reason.signal, {
    what: 'The run was interrupted; every finished trial is kept.',
    remedy: `Go on with: ${experimentId === 'quick' ? 'npm run quick --' : `npm run photofinish -- run ${experimentId}`} --resume ${runId}`,
  });
}

const runtimesOf = (targetIds: readonly string[]) => new Set(targetIds.map((targetId) => targetId.split('/')[0] ?? ''));
