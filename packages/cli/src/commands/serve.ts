import { randomBytes } from 'node:crypto';
import { exitText } from '@photofinish/engines';
import { EnvironmentError, MeasurementError, systemClock } from '@photofinish/schema';
import { newRunId } from '@photofinish/store';
import type { Command } from 'commander';
import { exitCodes } from '../exit-code.ts';
import { coreNumbers, requireTarget, wholeNumber } from '../selection.ts';
import { productVersion } from '../session/environment.ts';
import { grantedCores } from '../session/granted-cores.ts';
import { leaseAfar } from '../session/lease.ts';
import { openSite } from '../session/site/open-site.ts';
import { allRuntimes } from '../setup/runtimes.ts';
import type { Invocation } from '../terminal.ts';
import { type CommandContext, command, type SharedOptions } from './command.ts';
import { type SiteOptions, siteChoice, siteFlags } from './site-flags.ts';

interface ServeOptions extends SharedOptions, SiteOptions {
  readonly cores?: string;
  readonly threads: string;
  readonly port: string;
}

/** `photofinish serve <target>`: starts one target for curl and stays until Ctrl-C. */
export function serveCommand(context: CommandContext): Command {
  return siteFlags(command('serve', 'start one target and stay until Ctrl-C', 'photofinish serve go/goroutines'))
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
  const threads = wholeNumber('--threads', options.threads, 1, 100_000);
  const port = wholeNumber('--port', options.port, 0, 65_535);
  const began = systemClock.wall();
  const runId = newRunId(began);
  await using site = await openSite(invocation, {
    ...siteChoice(options),
    runtimeIds: new Set([targetId.split('/')[0] ?? '']),
    runId,
  });
  const wanted = options.cores === undefined ? null : coreNumbers(options.cores);
  const { grantedCores: cores } = await grantedCores(site, wanted);
  const version = await productVersion(invocation.root);
  await using _lease = await leaseAfar(site, cores, { runId, since: began.toISOString(), version });
  const [planned] = site.planned([targetId]);
  if (planned?.absence)
    throw new EnvironmentError('E_TARGET_ABSENT', {
      what: `${targetId} cannot be started here.`,
      given: planned.absence.reason,
      remedy: planned.absence.remedy,
    });
  const { spec } = site.prepare(targetId, {
    cores,
    threads,
    cpuPool: cores.length,
    nonce: randomBytes(12).toString('hex'),
    port,
  });
  await using server = await site.engine.start(spec, signal);
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
