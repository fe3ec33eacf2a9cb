import { z } from 'zod';
import { RunId } from './ids.ts';
import { EngineAccount } from './placement.ts';
import { Count } from './units.ts';

/** A condition of the host that preflight looked at. */
export const Condition = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string(),
  level: z.enum(['ok', 'warning', 'refusal']),
  /** What was found. */
  found: z.string(),
  /** What it does to results; empty when ok. */
  effect: z.string(),
  /** The command or change that mends it; empty when ok. */
  remedy: z.string(),
});
export type Condition = z.infer<typeof Condition>;

/** What the host is, from an allow-list of fields: no names, addresses, serials or paths. */
export const Host = z.strictObject({
  cpuVendor: z.string(),
  cpuModel: z.string(),
  logicalCores: Count.min(1),
  /** Distinct physical cores; equals the logical ones where the kernel does not tell. */
  physicalCores: Count.min(1),
  /** Cores this process may use. */
  allowedCores: z.array(Count).min(1),
  smtActive: z.boolean().nullable(),
  virtualisation: z.string().nullable(),
  architecture: z.string(),
  kernel: z.string(),
  operatingSystem: z.string(),
  memoryBytes: z.number().positive(),
  cgroupVersion: z.enum(['v1', 'v2', 'hybrid', 'none']),
  governor: z.string().nullable(),
  clockSource: z.string().nullable(),
  fileDescriptorLimit: Count,
  loadAverage: z.number().nonnegative().nullable(),
});
export type Host = z.infer<typeof Host>;

/** A toolchain that was looked for. */
export const ToolchainFound = z.strictObject({
  runtimeId: z.string(),
  name: z.string(),
  minimum: z.string(),
  version: z.string().nullable(),
  /** Where it came from, without the path: `JAVA_HOME`, `PATH`, `usual folders`, ... */
  origin: z.string().nullable(),
  /** Further versions seen and passed over. */
  alternatives: z.array(z.string()),
});
export type ToolchainFound = z.infer<typeof ToolchainFound>;

/** One logical core as the kernel describes it. */
export const TopologyCore = z.strictObject({
  core: Count,
  /** Number of its physical core, unique over packages; SMT siblings share it. */
  physical: Count,
  package: Count,
  /** NUMA node; 0 where there is one memory. */
  node: Count,
  /** Taken from the scheduler at boot (`isolcpus`). */
  isolated: z.boolean(),
});
export type TopologyCore = z.infer<typeof TopologyCore>;

/** The last calibration on the host of a run, as the run's environment tells of it. */
export const CalibrationAge = z.strictObject({
  takenAt: z.iso.datetime(),
  /** Age when the run began. */
  ageSeconds: z.number().nonnegative(),
  /** Version of the instrument that was calibrated. */
  instrumentVersion: z.string(),
  passed: z.boolean(),
  /** Whether the machine has not been started anew since; absent in results that do not tell. */
  isOfThisBoot: z.boolean().optional(),
});
export type CalibrationAge = z.infer<typeof CalibrationAge>;

/** Everything about the machine that a reader needs to judge a run. */
export const Environment = z
  .strictObject({
    schemaVersion: z.string(),
    runId: RunId,
    collectedAt: z.iso.datetime(),
    photofinish: z.strictObject({ version: z.string(), commit: z.string().nullable(), node: z.string() }),
    instrument: z.strictObject({ version: z.string(), origin: z.enum(['variable', 'package', 'built']) }),
    engine: EngineAccount,
    host: Host,
    /** Cores of the host that holds the targets. */
    topology: z.array(TopologyCore).min(1),
    /** `hk1-` and 16 hexadecimal digits over a canonical list of host fields. Absolute figures are comparable only within one key. */
    hostKey: z.string().regex(/^hk1-[0-9a-f]{16}$/),
    /** `shape-only` hosts get a verdict only beyond a factor of 1.5. */
    hostClass: z.enum(['full', 'shape-only']),
    hostClassReasons: z.array(z.string()),
    conditions: z.array(Condition),
    /** The last calibration of the instrument on this host before the run; null when there never was one, absent in older runs. */
    calibration: CalibrationAge.nullable().optional(),
    toolchains: z.array(ToolchainFound),
  })
  .meta({ id: 'environment', title: 'Environment of a run' });
export type Environment = z.infer<typeof Environment>;
