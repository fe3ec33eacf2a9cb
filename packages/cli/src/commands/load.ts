import { type NativeCore, nativeGenerator } from '@photofinish/loadgen';
import { canonicalJson, type LoadJob, type LoadResult } from '@photofinish/schema';
import type { Command } from 'commander';
import { exitCodeOf, exitCodes } from '../exit-code.ts';
import { accountOf } from '../load/account.ts';
import { accountText } from '../load/account-text.ts';
import { readAddress } from '../load/address.ts';
import { patternOf } from '../load/pattern.ts';
import { type LoadFlags, loadJob, requestedLoad, requestHeaders } from '../load/request.ts';
import { wholeNumber } from '../selection.ts';
import { nativeCore } from '../setup/native-core.ts';
import type { Invocation } from '../terminal.ts';
import { Steps } from '../ui/steps.ts';
import { type CommandContext, command, type SharedOptions } from './command.ts';

interface LoadOptions extends SharedOptions, Omit<LoadFlags, 'duration'> {
  readonly duration?: string;
  /** What oha and hey call the duration, and the rate. */
  readonly z?: string;
  readonly q?: string;
  readonly header: readonly string[];
  readonly statusOnly?: boolean;
}

/** `photofinish load URL`: the load generator for everyday use, with the habits of wrk, oha and vegeta. */
export function loadCommand(context: CommandContext): Command {
  return command(
    'load',
    'load any HTTP server and tell its times',
    'photofinish load http://127.0.0.1:8080/ --rate 500',
  )
    .argument(
      '<url>',
      'http only; answers must be like the first: status, and Content-Type and length where these stay',
    )
    .option('-c, --connections <number>', 'closed loop: users, 50 when absent; open loop: size of the pool')
    .option('--rate <number>', 'requests a second, whatever the server does: an open loop (also -q)')
    .option('-q <number>', 'as --rate')
    .option('-d, --duration <span>', 'how long, as in 20s or 2m; 20s when absent (also -z)')
    .option('-z <span>', 'as --duration')
    .option('--poisson', 'exponential gaps between arrivals instead of even ones')
    .option('--burst <number>', 'requests due at the same instant, as the timers of other generators send them', '1')
    .option(
      '-H, --header <header>',
      "as in -H 'Accept: text/html'; may be given again",
      (text, before: string[]) => [...before, text],
      [],
    )
    .option('--status-only', 'compare nothing of an answer but its status: answers differ by nature')
    .option('--cores <list>', 'cores to pin the generator to, one thread a core; one unpinned thread when absent')
    .option('--seed <number>', 'seed of Poisson arrivals', '1')
    .addHelpText(
      'after',
      '\nHalf a second of warm-up comes before the window. Response time counts from the instant a request was due, service time from\nthe instant it was sent. Names are resolved once. Ctrl-C ends the window early and tells what was measured until then (exit code 130).\nEnds with 4 when nothing was answered rightly.\n',
    )
    .action((url: string, options: LoadOptions) =>
      context.perform(options, (invocation) => load(url, options, invocation)),
    );
}

async function load(url: string, options: LoadOptions, invocation: Invocation): Promise<number> {
  const { terminal, signal, json } = invocation;
  const rate = options.rate ?? options.q;
  const requested = requestedLoad({
    ...options,
    ...(rate === undefined ? {} : { rate }),
    duration: options.duration ?? options.z ?? '20s',
  });
  const seed = wholeNumber('--seed', options.seed, 0, 2 ** 31 - 1);
  const headers = requestHeaders(options.header);
  const address = await readAddress(url);
  const core = await nativeCore(invocation, new Steps(terminal));
  const pattern = await patternOf(address, { headers, isStatusOnly: options.statusOnly === true }, signal);
  const job = loadJob(address, pattern, requested, seed, headers);
  const result = await driveUntilInterrupted(core, job, signal);
  const account = accountOf(address, pattern, requested, result);
  terminal.out(json ? `${canonicalJson(account)}\n` : accountText(account, terminal.outColours));
  if (signal.aborted) return exitCodeOf(signal.reason);
  return account.answered === 0 ? exitCodes.measurement : exitCodes.done;
}

/** The result of a load, of the time until then when it was interrupted. Throws the signal's reason when nothing had been measured. */
async function driveUntilInterrupted(core: NativeCore, job: LoadJob, stop: AbortSignal): Promise<LoadResult> {
  const hooks = { onWarm: async () => {}, onWindowEnd: async () => {}, stop };
  try {
    return await nativeGenerator(core).drive(job, hooks, new AbortController().signal);
  } catch (error) {
    stop.throwIfAborted();
    throw error;
  }
}
