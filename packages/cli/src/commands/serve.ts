import { randomBytes } from 'node:crypto';
import { exitText, localEngine } from '@photofinish/engines';
import { readHost } from '@photofinish/probes';
import { EnvironmentError, MeasurementError } from '@photofinish/schema';
import type { Command } from 'commander';
import { exitCodes } from '../exit-code.ts';
import { coreNumbers, requireTarget, wholeNumber } from '../selection.ts';
import { prepareServer } from '../session/targets.ts';
import { allRuntimes } from '../setup/runtimes.ts';
import { openWorkshop, plannedTargets } from '../setup/workshop.ts';
import type { Invocation } from '../terminal.ts';
import { type CommandContext, command, type SharedOptions } from './command.ts';

interface ServeOptions extends SharedOptions {
  readonly cores?: string;
  readonly threads: string;
  readonly port: string;
}

/** `photofinish serve <target>`: starts one target for curl and stays until Ctrl-C. */
export function serveCommand(context: CommandContext): Command {
  return command('serve', 'start one target and stay until Ctrl-C', 'photofinish serve go/goroutines')
    .argument('<target>', 'target, as in python/threads')
    .option('--cores <list>', 'core numbers for the server; all when absent')
    .option('--threads <number>', 'size of the request thread pool where the model has one', '64')
    .option('--port <number>', 'port to listen on; 0 picks a free one', '0')
    .action((targetId: string, options: ServeOptions) =>
      context.perform(options, (invocation) => serve(targetId, options, invocation)),
    );
}

async function serve(targetId: string, options: ServeOptions, invocation: Invocation): Promise<number> {
  const { signal, terminal } = invocation;
  requireTarget(targetId, await allRuntimes(invocation));
  const cores = options.cores === undefined ? (await readHost()).allowedCores : coreNumbers(options.cores);
  const threads = wholeNumber('--threads', options.threads, 1, 100_000);
  const port = wholeNumber('--port', options.port, 0, 65_535);
  const workshop = await openWorkshop(invocation, new Set([targetId.split('/')[0] ?? '']));
  const [planned] = plannedTargets(workshop, [targetId]);
  if (planned?.absence)
    throw new EnvironmentError('E_TARGET_ABSENT', {
      what: `${targetId} cannot be started here.`,
      given: planned.absence.reason,
      remedy: planned.absence.remedy,
    });
  const { spec } = prepareServer(workshop, targetId, {
    cores,
    threads,
    cpuPool: cores.length,
    nonce: randomBytes(12).toString('hex'),
    port,
  });
  await using server = await localEngine(workshop.core.path).start(spec, signal);
  const url = `http://${server.host}:${server.port}`;
  terminal.out(invocation.json ? `${JSON.stringify({ url, targetId, cores })}\n` : `${url}\n`);
  terminal.err(`${targetId} on cores ${cores.join(',')}; Ctrl-C ends it. Try: curl -i '${url}/info'\n`);
  const exit = await Promise.race([server.ended, aborted(signal)]);
  if (exit === null) return exitCodes.done;
  throw new MeasurementError('E_SERVER_ENDED', {
    what: `${targetId} ended by itself (${exitText(exit)}).`,
    given: server.lastWords(),
    remedy: 'Its last lines are above.',
  });
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}
