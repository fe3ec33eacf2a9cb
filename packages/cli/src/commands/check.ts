import { randomBytes, randomInt } from 'node:crypto';
import { targetIds } from '@photofinish/engines';
import { EnvironmentError, systemClock, UsageError } from '@photofinish/schema';
import { newRunId } from '@photofinish/store';
import { type CaseResult, type Endpoint, findWorkload, verifyContract } from '@photofinish/workloads';
import type { Command } from 'commander';
import { verifyProcess } from '../check/process-cases.ts';
import { exitCodes } from '../exit-code.ts';
import { requireTarget, wholeNumber } from '../selection.ts';
import { productVersion } from '../session/environment.ts';
import { grantedCores } from '../session/granted-cores.ts';
import { leaseAfar } from '../session/lease.ts';
import { openSite } from '../session/site/open-site.ts';
import type { Site } from '../session/site/site.ts';
import { allRuntimes } from '../setup/runtimes.ts';
import type { Invocation } from '../terminal.ts';
import { type CommandContext, command, type SharedOptions } from './command.ts';
import { type SiteOptions, siteChoice, siteFlags } from './site-flags.ts';

interface CheckOptions extends SharedOptions, SiteOptions {
  readonly all?: boolean;
  readonly workload?: string;
  readonly seed?: string;
  readonly slow?: boolean;
}

/** `photofinish check <target>`: judges servers against the contract, case by case, with golden values and drawn inputs. */
export function checkCommand(context: CommandContext): Command {
  return siteFlags(command('check', 'judge servers against the contract', 'photofinish check go/goroutines'))
    .argument('[targets...]', 'targets, as in python/threads')
    .option('--all', 'every target of every runtime')
    .option('--workload <id>', 'only what one workload asks for; all targets when none is named')
    .option('--seed <number>', 'seed of the drawn inputs; printed, drawn when absent')
    .option('--slow', 'also what takes long: idle connections, the largest kernels')
    .action((targets: string[], options: CheckOptions) =>
      context.perform(options, (invocation) => check(targets, options, invocation)),
    );
}

async function check(named: readonly string[], options: CheckOptions, invocation: Invocation): Promise<number> {
  const runtimes = await allRuntimes(invocation);
  const endpoint = options.workload === undefined ? null : findWorkload(options.workload).endpoint;
  const everything = options.all === true || (named.length === 0 && endpoint !== null);
  const chosen = everything ? targetIds(runtimes) : named.map((targetId) => requireTarget(targetId, runtimes));
  if (chosen.length === 0) {
    throw new UsageError('E_NO_TARGET', {
      what: 'No target is named.',
      allowed: targetIds(runtimes).join(', '),
      remedy: 'Name one, or say --all.',
    });
  }
  const seed = options.seed === undefined ? randomInt(0, 2 ** 31) : wholeNumber('--seed', options.seed, 0, 2 ** 31 - 1);
  const began = systemClock.wall();
  const runId = newRunId(began);
  await using site = await openSite(invocation, {
    ...siteChoice(options),
    runtimeIds: new Set(chosen.map((targetId) => targetId.split('/')[0] ?? '')),
    runId,
  });
  const { grantedCores: cores } = await grantedCores(site, null);
  const version = await productVersion(invocation.root);
  await using _lease = await leaseAfar(site, cores, { runId, since: began.toISOString(), version });
  const verdicts = [];
  for (const targetId of chosen)
    verdicts.push(await checkTarget(targetId, { endpoint, seed, slow: options.slow === true }, site, invocation));
  if (invocation.json) invocation.terminal.out(`${JSON.stringify({ seed, targets: verdicts })}\n`);
  else invocation.terminal.out(`${verdicts.map(verdictLine).join('\n')}\nDrawn inputs: --seed ${seed}\n`);
  return verdicts.every(({ absence, failed }) => absence === null && failed === 0)
    ? exitCodes.done
    : exitCodes.measurement;
}

interface TargetVerdict {
  readonly targetId: string;
  readonly passed: number;
  readonly failed: number;
  readonly absence: { readonly reason: string; readonly remedy: string } | null;
  readonly cases: readonly CaseResult[];
}

interface Depth {
  readonly endpoint: Endpoint | null;
  readonly seed: number;
  readonly slow: boolean;
}

async function checkTarget(
  targetId: string,
  { endpoint, seed, slow }: Depth,
  site: Site,
  invocation: Invocation,
): Promise<TargetVerdict> {
  const { signal } = invocation;
  const [planned] = site.planned([targetId]);
  if (planned === undefined)
    throw new EnvironmentError('E_TARGET_ABSENT', { what: `${targetId} is not known.`, remedy: 'photofinish doctor' });
  const { absence } = planned;
  if (absence !== null)
    return { targetId, passed: 0, failed: 0, absence: { reason: absence.reason, remedy: absence.remedy }, cases: [] };
  const { grantedCores: cores } = await grantedCores(site, null);
  const { spec, wanted } = site.prepare(targetId, {
    cores,
    threads: 64,
    cpuPool: cores.length,
    nonce: randomBytes(12).toString('hex'),
    port: 0,
  });
  const { engine } = site;
  const onResult = (result: CaseResult) => showCase(targetId, result, invocation);
  const cases: CaseResult[] = [];
  {
    await using server = await engine.start(spec, signal);
    const options = { host: server.host, port: server.port, seed, wanted, slow, signal, onResult };
    cases.push(...(await verifyContract(endpoint === null ? options : { ...options, endpoints: [endpoint] })));
  }
  if (endpoint === null) cases.push(...(await verifyProcess(engine, spec, signal, onResult)));
  const passed = cases.filter((result) => result.passed).length;
  return { targetId, passed, failed: cases.length - passed, absence: null, cases };
}

function showCase(targetId: string, result: CaseResult, { terminal, json }: Invocation): void {
  const colours = json ? terminal.errColours : terminal.outColours;
  const write = json ? terminal.err : terminal.out;
  const head = `${result.passed ? colours.green('pass') : colours.red('FAIL')} ${targetId} ${result.id}: ${result.title}\n`;
  write(result.passed ? head : `${head}     expected ${result.expected}\n     given    ${result.given}\n`);
}

function verdictLine({ targetId, passed, failed, absence }: TargetVerdict): string {
  if (absence !== null) return `${targetId}: not-run, ${absence.reason}; ${absence.remedy}`;
  return `${targetId}: ${passed} passed, ${failed} failed`;
}
