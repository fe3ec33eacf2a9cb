import { z } from 'zod';
import { TopologyCore } from './environment.ts';
import { LoadResult } from './load-result.ts';
import { Count } from './units.ts';

/** What `photofinish-native version` prints. */
export const InstrumentVersion = z.object({ version: z.string().regex(/^\d+\.\d+\.\d+/) });

/** One line of the load core's standard output. `result` or `error` is the last. */
export const LoadEvent = z.discriminatedUnion('event', [
  /** Warm-up is over; with a handshake the load goes on until `measure` is written to the core's standard input. */
  z.object({ event: z.literal('warm') }),
  /** The window is over, the drain begins. */
  z.object({ event: z.literal('window-end') }),
  z.object({ event: z.literal('result'), result: LoadResult }),
  z.object({ event: z.literal('error'), code: z.string(), what: z.string(), remedy: z.string() }),
]);
export type LoadEvent = z.infer<typeof LoadEvent>;

/** Gaps that a spinning loop saw on one core. */
export const CoreHiccups = z.object({
  core: Count,
  /** Longest gap between two readings of the clock. */
  maximumSeconds: z.number().nonnegative(),
  /** Share of the time lost to gaps over 50 us. */
  lostShare: z.number().min(0).max(1),
  gapsOver50us: Count,
});
export type CoreHiccups = z.infer<typeof CoreHiccups>;

/** What `photofinish-native hiccup` prints. */
export const HiccupReport = z.object({ cores: z.array(CoreHiccups).min(1) });

/** What `photofinish-native capacity` prints: rates in steps of the fixed spin kernel per second. */
export const CapacityReport = z.object({
  cores: Count.min(1),
  /** One process alone, once a round. */
  aloneRate: z.array(z.number().positive()).min(1),
  /** Each process, all together, mean of the rounds. */
  togetherRates: z.array(z.number().positive()).min(1),
  /** Sum of the rates together over the mean rate alone. */
  capacity: z.number().positive(),
});
export type CapacityReport = z.infer<typeof CapacityReport>;

/** What `photofinish-native topology` prints: the online cores of its host. */
export const TopologyReport = z.object({ cores: z.array(TopologyCore).min(1) });

/** What `photofinish-native meter` prints: how long a burst of the canary took on each core, and how that is over the calm level of the call. */
export const MeterReport = z.object({
  /** Name of the work of a burst. */
  canary: z.string(),
  cores: z
    .array(
      z.object({
        core: Count,
        calmSeconds: z.number().nonnegative(),
        /** Processor time of the meter itself, as a share of the core. */
        share: z.number().nonnegative(),
        /** Mean processor time of a burst; 0 without one. */
        meanSeconds: z.number().nonnegative(),
        ratio: z.number().nonnegative(),
        seconds: z.array(
          z.object({
            second: Count,
            bursts: Count,
            meanSeconds: z.number().nonnegative(),
            ratio: z.number().nonnegative(),
          }),
        ),
      }),
    )
    .min(1),
});
export type MeterReport = z.infer<typeof MeterReport>;

/** Calm levels of the cores of a host: seconds of a burst, the best seen since this boot. Another boot, or another canary, begins anew. */
export const CalmLevels = z.strictObject({
  schemaVersion: z.literal(1),
  hostKey: z.string().regex(/^hk1-[0-9a-f]{16}$/),
  /** Id of the boot in which they were seen. */
  bootId: z.string().min(1),
  canary: z.string(),
  cores: z.array(z.strictObject({ core: Count, calmSeconds: z.number().positive() })),
});
export type CalmLevels = z.infer<typeof CalmLevels>;
