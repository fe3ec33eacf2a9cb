import type { RunningServer } from '@photofinish/engines';
import { kernelCountsBetween, type ProbeReading } from '@photofinish/probes';
import {
  type Clock,
  EnvironmentLostError,
  type Info,
  type KernelCounts,
  type LoadResult,
  type Seconds,
  type ServerExit,
  type ServerHandle,
  type SpeedReading,
  seconds,
} from '@photofinish/schema';
import type { AttemptContext, Instruments, SpeedMetering } from './context.ts';
import { trialLimit, withDeadline } from './deadline.ts';
import { engineLost, TrialFault } from './fault.ts';
import { recordOfError } from './faulty.ts';
import { type HostChange, hostChange } from './host-change.ts';
import { loadJob } from './job.ts';
import { PhaseLog } from './phase-log.ts';
import { type AttemptResult, judgedRecord } from './record.ts';

/**
 * One attempt at one trial: a fresh server, start to stop. Everything the target or the environment does wrong becomes a record; an abort,
 * a lost environment and a bug are thrown, with the server stopped.
 */
export async function performTrial(
  context: AttemptContext,
  instruments: Instruments,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { clock } = instruments;
  const startedAt = clock.wall().toISOString();
  const phases = new PhaseLog(clock);
  const { spec, wanted } = instruments.targets.prepare(context.trial.targetId, context.comparison, instruments.nonce());
  const deadline = withDeadline(
    trialLimit(context.comparison.load, context.target.warmupSeconds, spec.readyWithin, spec.stopWithin),
    clock,
    signal,
  );
  let server: RunningServer | null = null;
  try {
    const hiccups = await instruments.host.hiccups(context.comparison.targetCores);
    phases.enter('start');
    server = await instruments.engine.start(spec, deadline.signal);
    phases.enter('verify');
    await requireLimits(server);
    const info = await verify(server, context, instruments, wanted, deadline.signal);
    phases.enter('warm-up');
    const observation = await observe(server, context, instruments, phases, deadline.signal);
    const exit = await exitSoFar(server, hasBrokenConnections(observation.result) ? endNews : seconds(0), clock);
    phases.enter('stop');
    const stopped = await server.stop();
    return judgedRecord({
      context,
      startedAt,
      phases: phases.close(),
      info,
      hiccups,
      observation,
      exit,
      stopped,
      timeToReady: server.timeToReady,
    });
  } catch (error) {
    const failedIn = phases.current;
    phases.enter('stop');
    const exit = server === null ? null : await exitSoFar(server, endNews, clock);
    const stopped = await server?.stop();
    if (stopped?.exit.reason === 'engine-lost' && signal.reason instanceof EnvironmentLostError)
      throw engineLost(signal.reason);
    signal.throwIfAborted();
    return recordOfError({
      context,
      startedAt,
      error,
      phase: failedIn,
      phases: phases.close(),
      exit,
      outOfMemory: stopped?.outOfMemory ?? null,
      lastWords: server?.lastWords() ?? '',
    });
  } finally {
    deadline.cancel();
  }
}

/** What was seen between the window's edges. */
export interface Observation {
  readonly result: LoadResult;
  readonly use: Awaited<ReturnType<ProbeReading['finish']>>;
  readonly host: HostChange;
  /** What the kernel lost between the edges where the server is; `shared` where that is the generator's own network namespace. */
  readonly serverKernel: KernelCounts | 'shared' | null;
  /** Speed of the measured cores in the window; null where it cannot be read. */
  readonly speed: SpeedReading | null;
  /** Seconds between the edges by the harness's clock. */
  readonly harnessSeconds: number;
  /** How much further the wall clock went than the monotonic one between the edges, seconds; negative when it was set back. */
  readonly wallStepSeconds: number;
}

/** What was asked for is read back: a server on other cores or with other limits would be measured as one it is not. */
async function requireLimits(server: RunningServer): Promise<void> {
  const differences = await server.limitDifferences();
  if (differences.length > 0) throw new TrialFault('invalid', 'limits-differ', differences.join('; '));
}

async function verify(
  server: ServerHandle,
  context: AttemptContext,
  { verifier }: Instruments,
  wanted: Parameters<typeof verifier.verify>[3],
  signal: AbortSignal,
): Promise<Info> {
  const { path, expected } = context.comparison.workload;
  const { info, differences, wrongAnswers } = await verifier.verify(server, path, expected, wanted, signal);
  if (wrongAnswers.length > 0 || info === null)
    throw new TrialFault('failed', 'wrong-response', wrongAnswers.join('; ') || 'no valid /info');
  if (differences.length > 0) throw new TrialFault('failed', 'info-mismatch', differences.join('; '));
  return info;
}

async function observe(
  server: RunningServer,
  context: AttemptContext,
  { generator, probe, host, clock }: Instruments,
  phases: PhaseLog,
  signal: AbortSignal,
): Promise<Observation> {
  const cores = [...new Set([...context.comparison.targetCores, ...context.comparison.generatorCores])];
  const edge = async () => {
    const kernel = await host.kernelCounts(server.pid);
    return { kernel, host: await host.edge(cores), at: clock.now(), wall: clock.wall() };
  };
  type Edge = Awaited<ReturnType<typeof edge>>;
  const seen: {
    reading?: ProbeReading;
    metering?: SpeedMetering | null;
    first?: Edge;
    last?: Edge;
    use?: Observation['use'];
    speed?: SpeedReading | null;
  } = {};
  const drive = async () =>
    await generator.drive(
      loadJob(context.comparison, context.trial, context.target.warmupSeconds, server),
      {
        async onWarm() {
          seen.reading = await probe.start(server);
          seen.metering = host.meterSpeed(cores);
          seen.first = await edge();
          phases.enter('measure');
        },
        async onWindowEnd() {
          seen.last = await edge();
          phases.enter('drain');
          if (seen.reading !== undefined) seen.use = await seen.reading.finish();
          seen.speed = (await seen.metering?.finish()) ?? null;
        },
      },
      signal,
    );
  const result = await drive().finally(() => {
    seen.reading?.[Symbol.dispose]();
    seen.metering?.[Symbol.dispose]();
  });
  const { first, last, use, speed = null } = seen;
  if (first === undefined || last === undefined || use === undefined) {
    throw new TrialFault(
      'invalid',
      'generator-failed',
      'the load generator ended without passing both edges of the window',
    );
  }
  const harnessSeconds = last.at - first.at;
  return {
    result,
    use,
    serverKernel: kernelCountsBetween(first.kernel, last.kernel),
    host: hostChange(first.host, last.host, { comparison: context.comparison, use, result, speed }),
    speed,
    harnessSeconds,
    wallStepSeconds: (last.wall.getTime() - first.wall.getTime()) / 1000 - harnessSeconds,
  };
}

/** How long the news of an end may trail behind the broken connections that are its first sign; an engine looks twice before it tells. */
const endNews = seconds(1);

function hasBrokenConnections(result: LoadResult): boolean {
  return result.classes.some(({ errors }) => errors.connect + errors.reset + errors.closed > 0);
}

/** How the server ended, if it has ended by now or does within the patience. */
async function exitSoFar(server: RunningServer, patience: Seconds, clock: Clock): Promise<ServerExit | null> {
  const over = new AbortController();
  const late = clock.sleep(patience, over.signal).then(
    () => null,
    () => null,
  );
  const exit = await Promise.race([server.ended, late]);
  over.abort();
  return exit;
}
