import { MeterReport } from '@photofinish/schema';
import { execa } from 'execa';
import { ask, unanswered } from './ask.ts';
import type { NativeCore } from './core.ts';

/** A metering under way; disposing of it ends it without a reading. */
export interface Metering extends Disposable {
  /** Ends it and resolves to its readings, at most 50 ms later. Throws `EnvironmentError` when the meter could not do its work. */
  finish(): Promise<MeterReport>;
}

const work = (operations: number | null) => (operations === null ? [] : ['--operations', String(operations)]);

/**
 * Begins to meter the cores beside whatever is measured on them: a canary in short bursts, at most 0.5 % of each core (method, section 14),
 * each of so many timed operations, or of as many as the native core takes by itself. It ends when this process does.
 */
export function startMetering(core: NativeCore, cores: readonly number[], operations: number | null = null): Metering {
  const command = ['meter', '--cores', cores.join(','), ...work(operations)];
  const meter = execa(core.path, command, { reject: false, stdin: 'pipe', env: {}, extendEnv: false });
  // A meter that has ended refuses to be told so; how it ended says more than the broken pipe.
  meter.stdin.on('error', () => {});
  return {
    async finish() {
      meter.stdin.end();
      const ended = await meter;
      if (ended.failed) throw unanswered(core, command, ended);
      return MeterReport.parse(JSON.parse(ended.stdout));
    },
    [Symbol.dispose]() {
      meter.kill('SIGKILL');
    },
  };
}

/** How fast the cores are while nothing is measured on them: burst after burst of the same canary for so many seconds. */
export async function readSpeed(
  core: NativeCore,
  cores: readonly number[],
  seconds: number,
  operations: number | null = null,
): Promise<MeterReport> {
  const command = ['meter', '--idle', '--cores', cores.join(','), '--seconds', String(seconds), ...work(operations)];
  return MeterReport.parse(await ask(core, command));
}
