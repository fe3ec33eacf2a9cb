import { localEngine } from '@photofinish/engines';
import { calibrate, exercises, measureHiccups, type NativeCore } from '@photofinish/loadgen';
import { hostKeyOf, readHost } from '@photofinish/probes';
import { type Calibration, canonicalJson, systemClock } from '@photofinish/schema';
import { newRunId, readBootId } from '@photofinish/store';
import type { Command } from 'commander';
import { exitCodes } from '../exit-code.ts';
import { writeCalibration } from '../session/calibration-file.ts';
import { productVersion } from '../session/environment.ts';
import { nativeCore } from '../setup/native-core.ts';
import type { Invocation } from '../terminal.ts';
import { calibrationTable } from '../ui/calibration-table.ts';
import { duration } from '../ui/duration.ts';
import { Steps } from '../ui/steps.ts';
import { type CommandContext, command, type SharedOptions } from './command.ts';

interface CalibrateOptions extends SharedOptions {
  readonly long?: boolean;
}

/** `photofinish calibrate`: holds the load generator against servers of known truth on this host. */
export function calibrateCommand(context: CommandContext): Command {
  return command(
    'calibrate',
    'hold the load generator against servers of known truth, in about 80 seconds',
    'photofinish calibrate',
  )
    .option('--long', 'as many arrivals at the queues as their formula needs: about 12 minutes in all')
    .addHelpText(
      'after',
      '\nEnds with 0 when every reading passed and with 4 when one did not. The last result is kept for this host; runs tell its age.\n',
    )
    .action((options: CalibrateOptions) =>
      context.perform(options, (invocation) => calibrateHost(options.long === true, invocation)),
    );
}

/** Seconds of the hiccup reading beforehand. */
const idleSeconds = 0.5;

async function calibrateHost(isLong: boolean, invocation: Invocation): Promise<number> {
  const { terminal, root, json } = invocation;
  const core = await nativeCore(invocation, new Steps(terminal));
  const calibration = await taken(core, isLong, invocation);
  const path = await writeCalibration(root, calibration);
  if (json) terminal.out(`${canonicalJson({ ...calibration, path })}\n`);
  else
    terminal.out(
      `${calibrationTable(calibration, terminal.outColours)}\n\n${conclusion(calibration)}\nKept: ${path}\n`,
    );
  return calibration.passed ? exitCodes.done : exitCodes.measurement;
}

/** Holds the cores meanwhile: a run beside it would spoil both. */
async function taken(core: NativeCore, isLong: boolean, { terminal, root, signal }: Invocation): Promise<Calibration> {
  const host = await readHost();
  const began = systemClock.wall();
  const [generator = 0] = host.allowedCores;
  const server = host.allowedCores.at(-1) ?? generator;
  const cores = [...new Set([generator, server])];
  const holder = { runId: newRunId(began), since: began.toISOString(), version: await productVersion(root) };
  await using _lease = await localEngine(core.path).lease(cores, holder);
  const hiccups = await measureHiccups(core, cores, idleSeconds);
  const start = systemClock.now();
  const readings = await calibrate(
    core,
    exercises({ isLong }),
    { generatorCore: generator, serverCore: server },
    ({ mode, windowSeconds }) => terminal.err(`> ${mode} (${duration(windowSeconds)})\n`),
    signal,
  );
  return {
    schemaVersion: 1,
    hostKey: hostKeyOf(host, 'local'),
    takenAt: began.toISOString(),
    bootId: await readBootId(),
    instrument: { version: core.version },
    seconds: systemClock.now() - start,
    cores: { generator, server },
    hiccups,
    passed: readings.every(({ passed }) => passed),
    readings,
  };
}

function conclusion({ readings, seconds, passed, hiccups, cores }: Calibration): string {
  const failed = readings.filter((reading) => !reading.passed).length;
  const lost = Math.max(0, ...hiccups.map(({ lostShare }) => lostShare));
  const words = passed
    ? 'Every reading passed.'
    : `${failed} of ${readings.length} readings failed. On a busy host: wait for calm and calibrate again.`;
  const shared =
    cores.generator === cores.server ? ' Generator and server shared one core, which no verdict should rest on.' : '';
  return `${words} It took ${duration(seconds)}; idle cores lost up to ${(lost * 100).toFixed(1)} % of their time.${shared}`;
}
