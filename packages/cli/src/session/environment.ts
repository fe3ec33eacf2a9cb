import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { measureHiccups } from '@photofinish/loadgen';
import {
  type HiccupReading,
  hostKeyOf,
  judgeCalibration,
  judgeHost,
  judgeSurroundings,
  type Needs,
  readHost,
  readSurroundings,
  readTopology,
  type Surroundings,
  shapeOnlyReasons,
} from '@photofinish/probes';
import {
  type CalibrationAge,
  type Condition,
  type EngineAccount,
  type Environment,
  EnvironmentError,
  formatVersion,
  type Host,
  type Plan,
  type TopologyCore,
} from '@photofinish/schema';
import { readBootId } from '@photofinish/store';
import { commitOf } from '../installation.ts';
import { calibrationAge, readCalibration } from './calibration-file.ts';
import type { Site } from './site/site.ts';

/** Seconds of the hiccup reading on idle cores that decides on the class of the host. */
const idleSeconds = 0.5;

/** What is known of the host before a run. */
export interface HostAccount {
  readonly host: Host;
  readonly hiccups: readonly HiccupReading[];
  /** Cores of the host that holds the targets. */
  readonly topology: TopologyCore[];
  /** Cores of this machine, and what stands around a measurement on it. */
  readonly here: TopologyCore[];
  readonly surroundings: Surroundings;
  readonly engine: EngineAccount;
  /** What the engine offers, judged. */
  readonly conditions: readonly Condition[];
}

/** Reads the host, and looks for gaps on the cores of the plan that are here, all idle now. */
export async function accountOfHost(site: Site, plan: Plan): Promise<HostAccount> {
  const host = await readHost();
  const here = plan.loadCores ?? plan.grantedCores;
  const usable = here.filter((number) => host.allowedCores.includes(number));
  const hiccups = usable.length === 0 ? [] : await measureHiccups(site.core, usable, idleSeconds);
  return {
    host,
    hiccups,
    topology: await site.topology(),
    here: await readTopology(host.allowedCores),
    surroundings: await readSurroundings(),
    engine: await site.engine.account(),
    conditions: await site.conditions(),
  };
}

/** The environment record of a run. Throws `EnvironmentError` `E_HOST_REFUSED` with every condition that refuses, all in one list. */
export async function environmentOf(
  root: string,
  runId: string,
  plan: Plan,
  account: HostAccount,
  { core, searches }: Pick<Site, 'core' | 'searches'>,
  collectedAt: Date,
): Promise<Environment> {
  const needs = needsOf(plan);
  const calibration = await ageOfCalibration(root, account.host, collectedAt);
  const conditions = [
    ...judgeHost(account.host, needs, account.hiccups),
    ...judgeSurroundings(account.surroundings, account.host, account.here, needs),
    ...account.conditions,
    judgeCalibration(calibration, core.version, plan.blocks.length),
  ];
  const refusals = conditions.filter(({ level }) => level === 'refusal');
  if (refusals.length > 0) {
    throw new EnvironmentError('E_HOST_REFUSED', {
      what: 'This host cannot hold the plan.',
      given: refusals.map(({ title, found, effect }) => `${title}: ${found}; ${effect}`).join('\n'),
      remedy: refusals.map(({ remedy }) => remedy).join('\n'),
    });
  }
  const hostKey = hostKeyOf(account.host, plan.engine);
  const reasons = shapeOnlyReasons(account.host, account.hiccups);
  return {
    schemaVersion: formatVersion,
    runId,
    collectedAt: collectedAt.toISOString(),
    photofinish: { version: await productVersion(root), commit: await commitOf(root), node: process.versions.node },
    instrument: { version: core.version, origin: core.origin },
    engine: account.engine,
    host: account.host,
    topology: account.topology,
    hostKey,
    hostClass: reasons.length === 0 ? 'full' : 'shape-only',
    hostClassReasons: reasons,
    conditions,
    calibration,
    toolchains: [...searches.values()].map(({ report }) => report),
  };
}

/** The calibration of this machine, on which the load generator is whatever engine holds the targets. */
export async function ageOfCalibration(root: string, host: Host, now: Date): Promise<CalibrationAge | null> {
  return calibrationAge(await readCalibration(root, hostKeyOf(host, 'local')), now, await readBootId());
}

function needsOf(plan: Plan): Needs {
  return {
    connections: Math.max(0, ...plan.comparisons.map(({ load }) => load.arrivals.connections)),
    cores: plan.loadCores ?? plan.grantedCores,
  };
}

/** Version of this Photofinish. */
export async function productVersion(root: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}
