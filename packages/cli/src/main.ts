import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { UsageError } from '@photofinish/schema';
import { Command, CommanderError } from 'commander';
import { buildCommand } from './commands/build.ts';
import { calibrateCommand } from './commands/calibrate.ts';
import { checkCommand } from './commands/check.ts';
import type { CommandContext, SharedOptions } from './commands/command.ts';
import { doctorCommand } from './commands/doctor.ts';
import { gcCommand } from './commands/gc.ts';
import { loadCommand } from './commands/load.ts';
import { planCommand } from './commands/plan.ts';
import { quickCommand } from './commands/quick.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { serveCommand } from './commands/serve.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import { resultsFolder } from './installation.ts';
import { watchHarness } from './signals.ts';
import type { Invocation, Terminal } from './terminal.ts';
import { coloursFor } from './ui/colours.ts';
import { errorJson, errorText } from './ui/error-text.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const signals = watchHarness(process);

// Somebody who reads the first lines only (`| head`) closes the rest: nothing is lost by it, and measuring goes on.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

process.exitCode = await main(process.argv.slice(2));
signals.release();

async function main(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  const plain = terminalOf({ color: !args.includes('--no-color') });
  const outcome = { code: exitCodes.done as number };
  const context: CommandContext = {
    defaultOut: resultsFolder(root, process.cwd()),
    async perform(options, action) {
      outcome.code = await action(invocationOf(options));
    },
  };
  try {
    await programOf(context, plain).parseAsync(args, { from: 'user' });
    return outcome.code;
  } catch (thrown) {
    const error = firstFault(thrown);
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    const fault = error instanceof CommanderError ? usageOf(error) : error;
    const code = exitCodeOf(fault);
    if (json) plain.out(`${JSON.stringify(errorJson(fault, code))}\n`);
    plain.err(errorText(fault, plain.errColours));
    return code;
  }
}

/** What broke first. Where it is an engine, letting go of its servers and leases breaks too, and says nothing new. */
function firstFault(thrown: unknown): unknown {
  return thrown instanceof SuppressedError ? firstFault(thrown.suppressed) : thrown;
}

function programOf(context: CommandContext, terminal: Terminal): Command {
  const program = new Command('photofinish')
    .description('Compares concurrency models across runtimes by measurement, and says when it cannot tell.')
    .addHelpText('before', 'Example: photofinish quick\n')
    .exitOverride();
  for (const make of [
    quickCommand,
    planCommand,
    runCommand,
    reportCommand,
    checkCommand,
    calibrateCommand,
    loadCommand,
    buildCommand,
    serveCommand,
    doctorCommand,
    gcCommand,
  ]) {
    program.addCommand(make(context));
  }
  const output = { writeOut: terminal.out, writeErr: () => {} };
  for (const one of [program, ...program.commands]) one.configureOutput(output);
  return program;
}

function usageOf(error: CommanderError): UsageError {
  const [what = '', ...more] = error.message.replace(/^error: /, '').split('\n');
  const hint = more.join(' ').replace(/[()]/g, '').trim();
  return new UsageError('E_USAGE', {
    what: `${what}.`.replace(/\.\.$/, '.'),
    remedy: hint === '' ? 'photofinish --help lists commands, photofinish <command> --help its flags.' : hint,
  });
}

function terminalOf({ color }: SharedOptions): Terminal {
  const { stdout, stderr, env } = process;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    interactive: stderr.isTTY === true && env.TERM !== 'dumb' && env.CI === undefined,
    columns: stdout.columns ?? 100,
    outColours: coloursFor(stdout, env, color),
    errColours: coloursFor(stderr, env, color),
  };
}

function invocationOf(options: SharedOptions): Invocation {
  return {
    terminal: terminalOf(options),
    environment: process.env,
    root,
    workingFolder: process.cwd(),
    home: homedir(),
    signal: signals.signal,
    json: options.json === true,
  };
}
