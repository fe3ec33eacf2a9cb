import { z } from 'zod';
import { CoreHiccups } from './instrument.ts';
import { TimeDistribution } from './load-result.ts';
import { Count } from './units.ts';

/** One figure that the instrument measured of a server whose truth is known. */
export const CalibrationReading = z.strictObject({
  /** Which server: `delay-5ms`, `stall-open`, `queue-0.8`, ... */
  mode: z.string(),
  /** What was read: `p50`, `mean`, `slow share`, ... */
  quantity: z.string(),
  unit: z.enum(['seconds', 'per-second', 'share']),
  /** Null: recorded, there is no truth to hold it against. */
  truth: z.number().nullable(),
  /** Null: not estimable, because too much never answered. */
  measured: z.number().nullable(),
  /** Measured minus truth, in the unit of the reading. */
  error: z.number().nullable(),
  /** Largest error that passes, either way. Null: recorded only. */
  limit: z.number().nonnegative().nullable(),
  passed: z.boolean(),
});
export type CalibrationReading = z.infer<typeof CalibrationReading>;

/** What the instrument measured of the servers of known truth, on one host at one time. */
export const Calibration = z
  .strictObject({
    schemaVersion: z.literal(1),
    hostKey: z.string().regex(/^hk1-[0-9a-f]{16}$/),
    takenAt: z.iso.datetime(),
    /** The boot of this machine in which it was taken; stays on this machine. */
    bootId: z.string().min(1),
    instrument: z.strictObject({ version: z.string() }),
    seconds: z.number().positive(),
    /** Cores of the load generator and of the servers; the same one where there is only one. */
    cores: z.strictObject({ generator: Count, server: Count }),
    /** What those cores lost while idle, just before. */
    hiccups: z.array(CoreHiccups),
    passed: z.boolean(),
    readings: z.array(CalibrationReading).min(1),
  })
  .meta({ id: 'calibration', title: 'Calibration of the instrument on a host' });
export type Calibration = z.infer<typeof Calibration>;

/** What a fixture tells at `/.account`, and the stub at `/lag`, of the time since it was last asked. */
export const FixtureAccount = z.object({
  requests: Count,
  parked: Count,
  parkedHighWater: Count,
  /** Times between arrival and the instant at which the answer was due. */
  planned: TimeDistribution,
  /** How late the fixture's own loop was. */
  lag: TimeDistribution,
});
export type FixtureAccount = z.infer<typeof FixtureAccount>;

/** What `photofinish-native fixture <mode> --truth` prints. */
export const FixtureTruth = z.object({
  mode: z.string(),
  meanSeconds: z.number().nonnegative(),
  quantiles: z.array(z.object({ q: z.number().min(0).max(1), seconds: z.number().nonnegative() })).min(1),
  formula: z.string(),
  source: z.string(),
  closedLoopSlowShare: z.number().min(0).max(1).optional(),
});
export type FixtureTruth = z.infer<typeof FixtureTruth>;
