import { leaseHolder, type Runtime, type ToolchainSearch } from '@photofinish/engines';
import { measureHiccups } from '@photofinish/loadgen';
import {
  judgeCalibration,
  judgeHost,
  judgeSurroundings,
  readHost,
  readSurroundings,
  readTopology,
} from '@photofinish/probes';
import { type Condition, PhotofinishError, systemClock } from '@photofinish/schema';
import type { Command } from 'commander';
import { containerConditions } from '../doctor/containers.ts';
import { exitCodes } from '../exit-code.ts';
import { ageOfCalibration } from '../session/environment.ts';
import { findCore, hasCargo, rustRemedy } from '../setup/native-core.ts';
import { allRuntimes } from '../setup/runtimes.ts';
import { searchContext, searchToolchains } from '../setup/workshop.ts';
import type { Invocation } from '../terminal.ts';
import { type CommandContext, command, type SharedOptions } from './command.ts';
import { type SiteOptions, siteChoice, siteFlags } from './site-flags.ts';

/** `photofinish doctor`: every condition of this machine, each ok, warning or refusal with the command that mends it. Builds and changes nothing. */
export function doctorCommand(context: CommandContext): Command {
  return siteFlags(
    command('doctor', 'say what this machine offers, what is missing and what mends it', 'photofinish doctor'),
  ).action((options: SharedOptions & SiteOptions) =>
    context.perform(options, (invocation) => examine(siteChoice(options).engine, invocation)),
  );
}

async function examine(engine: 'local' | 'docker', invocation: Invocation): Promise<number> {
  const conditions = [
    ...(await hostConditions(invocation)),
    ...(await surroundingConditions()),
    ...(engine === 'docker' ? await containerConditions(invocation) : await toolchainConditions(invocation)),
    ...(await leaseConditions()),
  ];
  if (invocation.json) invocation.terminal.out(`${JSON.stringify({ conditions })}\n`);
  else invocation.terminal.out(conditions.map((condition) => conditionText(condition, invocation)).join(''));
  return conditions.some(({ level }) => level === 'refusal') ? exitCodes.environment : exitCodes.done;
}

async function surroundingConditions(): Promise<Condition[]> {
  const host = await readHost();
  return judgeSurroundings(await readSurroundings(), host, await readTopology(host.allowedCores), noNeeds);
}

async function hostConditions(invocation: Invocation): Promise<Condition[]> {
  const host = await readHost();
  const about = { id: 'native-core', title: 'Native core' };
  try {
    const core = await findCore(invocation);
    if (core === null) return [...judgeHost(host, noNeeds, null), await notBuilt(about, invocation)];
    const hiccups = await measureHiccups(core, host.allowedCores, idleSeconds);
    const age = await ageOfCalibration(invocation.root, host, systemClock.wall());
    return [
      ...judgeHost(host, noNeeds, hiccups),
      ok(about, `${core.version} (${core.origin})`),
      judgeCalibration(age, core.version, null),
    ];
  } catch (error) {
    if (!(error instanceof PhotofinishError)) throw error;
    const { what, given = '', remedy } = error;
    return [
      ...judgeHost(host, noNeeds, null),
      { ...about, level: 'refusal', found: `${what} ${given}`, effect: 'nothing can be measured', remedy },
    ];
  }
}

async function notBuilt(about: { id: string; title: string }, { environment }: Invocation): Promise<Condition> {
  const path = environment.PHOTOFINISH_USER_PATH ?? environment.PATH ?? '';
  if (await hasCargo(path)) return ok(about, 'not built yet; the first measurement builds it with cargo');
  return {
    ...about,
    level: 'refusal',
    found: 'not built, and cargo was not found',
    effect: 'nothing can be measured',
    remedy: rustRemedy,
  };
}

/** Seconds of the hiccup reading. */
const idleSeconds = 0.5;

const ok = (about: { id: string; title: string }, found: string): Condition => ({
  ...about,
  level: 'ok',
  found,
  effect: '',
  remedy: '',
});

const noNeeds = { connections: null, cores: null };

async function toolchainConditions(invocation: Invocation): Promise<Condition[]> {
  const runtimes = await allRuntimes(invocation);
  const searches = await searchToolchains(runtimes, searchContext(invocation));
  return runtimes.map((runtime) => toolchainCondition(runtime, searches.get(runtime.manifest.id)));
}

function toolchainCondition({ manifest }: Runtime, search: ToolchainSearch | undefined): Condition {
  const title = `${manifest.toolchain.name} for ${manifest.models.map((model) => `${manifest.id}/${model.id}`).join(', ')}`;
  const id = `toolchain-${manifest.id}`;
  if (search?.found) {
    const others =
      search.report.alternatives.length === 0 ? '' : `; passed over: ${search.report.alternatives.join(', ')}`;
    return {
      id,
      title,
      level: 'ok',
      found: `${search.found.version} (${search.found.origin})${others}`,
      effect: '',
      remedy: '',
    };
  }
  return {
    id,
    title,
    level: 'warning',
    found: search?.absence?.reason ?? 'not looked for',
    effect: 'its targets are not-run',
    remedy: search?.absence?.remedy ?? '',
  };
}

async function leaseConditions(): Promise<Condition[]> {
  const { allowedCores } = await readHost();
  const holders = await Promise.all(allowedCores.map(async (core) => ({ core, holder: await leaseHolder(core) })));
  const held = holders.flatMap(({ core, holder }) =>
    holder === null ? [] : [`core ${core} by run ${holder.runId} since ${holder.since}`],
  );
  const base = { id: 'leases', title: 'Leases on cores' };
  if (held.length === 0) return [{ ...base, level: 'ok', found: 'none', effect: '', remedy: '' }];
  return [
    {
      ...base,
      level: 'warning',
      found: held.join('; '),
      effect: 'another run would end with exit code 8',
      remedy: 'Wait until that run has ended.',
    },
  ];
}

function conditionText({ level, title, found, effect, remedy }: Condition, { terminal }: Invocation): string {
  const colours = terminal.outColours;
  const words = { ok: colours.green('ok     '), warning: colours.yellow('warning'), refusal: colours.red('refusal') };
  const lines = [
    `${words[level]} ${title}: ${found}`,
    ...(effect === '' ? [] : [`        effect: ${effect}`]),
    ...(remedy === '' ? [] : [`        remedy: ${remedy}`]),
  ];
  return `${lines.join('\n')}\n`;
}
