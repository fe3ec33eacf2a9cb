import { delimiter, dirname } from 'node:path';
import { type Cause, type RuntimeManifest, type ToolchainFound, UsageError } from '@photofinish/schema';
import { execa } from 'execa';
import { type Candidate, candidates, type SearchContext } from './candidates.ts';
import { compareVersions } from './version.ts';

/** A suitable toolchain: the newest of all that were found. */
export interface FoundToolchain {
  readonly executable: string;
  readonly version: string;
  readonly origin: string;
}

/** Why a runtime cannot be measured here, with the one command that changes it. */
export interface ToolchainAbsence {
  readonly cause: Extract<Cause, 'toolchain-missing' | 'toolchain-too-old'>;
  readonly reason: string;
  readonly remedy: string;
}

/** The result of looking for one runtime's toolchain; `report` goes into the environment of a run. */
export interface ToolchainSearch {
  readonly found: FoundToolchain | null;
  readonly absence: ToolchainAbsence | null;
  readonly report: ToolchainFound;
}

interface Versioned extends Candidate {
  readonly version: string;
}

/** Looks in every place the manifest names and takes the newest suitable version. */
export async function findToolchain(manifest: RuntimeManifest, context: SearchContext): Promise<ToolchainSearch> {
  const { toolchain } = manifest;
  const pattern = compilePattern(manifest);
  const all = await Promise.all(
    (await candidates(toolchain, context)).map((candidate) =>
      withVersion(candidate, toolchain.versionArguments, pattern),
    ),
  );
  const versioned = all.filter((candidate) => candidate !== null).sort((a, b) => compareVersions(b.version, a.version));
  const best = versioned[0];
  const suitable = best !== undefined && compareVersions(best.version, toolchain.minimum) >= 0 ? best : null;
  const missing = suitable === null ? null : await firstMissing(toolchain.needs, context);
  const report: ToolchainFound = {
    runtimeId: manifest.id,
    name: toolchain.name,
    minimum: toolchain.minimum,
    version: suitable?.version ?? null,
    origin: suitable?.origin ?? null,
    alternatives: [
      ...new Set(versioned.filter((candidate) => candidate !== suitable).map((candidate) => candidate.version)),
    ],
  };
  if (missing !== null) {
    const reason = `${toolchain.name} ${suitable?.version} was found, but not ${missing.command}, which builds it`;
    return { found: null, absence: { cause: 'toolchain-missing', reason, remedy: missing.remedy }, report };
  }
  if (suitable !== null)
    return {
      found: { executable: suitable.executable, version: suitable.version, origin: suitable.origin },
      absence: null,
      report,
    };
  const absence: ToolchainAbsence =
    best === undefined
      ? {
          cause: 'toolchain-missing',
          reason: `${toolchain.name} ${toolchain.minimum} or newer was not found`,
          remedy: toolchain.remedy,
        }
      : {
          cause: 'toolchain-too-old',
          reason: `${toolchain.name} ${best.version} is the newest found, ${toolchain.minimum} or newer is needed`,
          remedy: toolchain.remedy,
        };
  return { found: null, absence, report };
}

function compilePattern(manifest: RuntimeManifest): RegExp {
  try {
    return new RegExp(manifest.toolchain.versionPattern);
  } catch (cause) {
    throw new UsageError('E_MANIFEST', {
      what: `The version pattern of runtime ${manifest.id} is not a regular expression.`,
      where: `runtimes/${manifest.id}/runtime.json, toolchain.versionPattern`,
      given: manifest.toolchain.versionPattern,
      remedy: 'Write a regular expression whose first group is the dotted version.',
      cause,
    });
  }
}

async function withVersion(
  candidate: Candidate,
  versionArguments: readonly string[],
  pattern: RegExp,
): Promise<Versioned | null> {
  const result = await execa(candidate.executable, [...versionArguments], {
    reject: false,
    timeout: 15_000,
    stdin: 'ignore',
    all: true,
  });
  const version = typeof result.all === 'string' ? pattern.exec(result.all)?.[1] : undefined;
  return version === undefined || !/^\d+(\.\d+)*$/.test(version) ? null : { ...candidate, version };
}

async function firstMissing(
  needs: RuntimeManifest['toolchain']['needs'],
  context: SearchContext,
): Promise<{ command: string; remedy: string } | null> {
  for (const need of needs) {
    const result = await execa('sh', ['-c', 'command -v -- "$1"', 'sh', need.command], {
      reject: false,
      env: { PATH: context.environment.PATH ?? '' },
      extendEnv: false,
    });
    if (result.exitCode !== 0) return need;
  }
  return null;
}

/** Environment variables under which a runtime is built and started: the toolchain's folder first on PATH, and the manifest's own. */
export function toolchainEnvironment(
  manifest: RuntimeManifest,
  found: FoundToolchain,
  context: SearchContext,
): Record<string, string> {
  const own = Object.entries(manifest.toolchain.environment).map(([name, value]) => [
    name,
    expandTemplate(value, templateValues(found)),
  ]);
  const path = [dirname(found.executable), context.environment.PATH ?? '']
    .filter((part) => part !== '')
    .join(delimiter);
  return { PATH: path, HOME: context.home, LANG: 'C.UTF-8', ...Object.fromEntries(own) };
}

/** Values of `{toolchain}` and `{home}` in a manifest's templates. */
export function templateValues(found: Pick<FoundToolchain, 'executable'>): Record<string, string> {
  return { toolchain: found.executable, home: dirname(dirname(found.executable)) };
}

/** Replaces `{name}` by its value. Throws `UsageError` for a name that has none. */
export function expandTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{([A-Za-z_]+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value !== undefined) return value;
    throw new UsageError('E_MANIFEST', {
      what: `The template ${whole} in a runtime manifest has no value.`,
      given: template,
      allowed: Object.keys(values)
        .map((key) => `{${key}}`)
        .join(', '),
      remedy: 'Use one of the templates that docs/add-a-runtime.md lists.',
    });
  });
}
