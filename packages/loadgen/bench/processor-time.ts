import { execa } from 'execa';

/** A command that has ended: what it printed and the processor time it and its threads used, seconds. */
export interface TimedCommand {
  readonly output: string;
  readonly userSeconds: number;
  readonly systemSeconds: number;
}

/**
 * Performs a command and takes its processor time from the kernel's accounts of ended children, which bash prints to the millisecond:
 * the same account for any program, from its first instruction to its last.
 */
export async function timed(command: readonly string[]): Promise<TimedCommand> {
  const { stdout, stderr } = await execa(
    'bash',
    ['-c', 'TIMEFORMAT="processor %3U %3S"; time "$@"', 'bash', ...command],
    { stdin: 'ignore' },
  );
  const match = /processor ([\d.]+) ([\d.]+)/.exec(stderr);
  if (match === null) throw new Error(`bash told no times: ${stderr}`);
  return { output: stdout, userSeconds: Number(match[1]), systemSeconds: Number(match[2]) };
}
