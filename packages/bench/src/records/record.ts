import { z } from 'zod';

/** The parts of the comparison. */
export const parts = ['null-closed', 'null-open', 'stall-open', 'stall-closed'] as const;
export type Part = (typeof parts)[number];

const share = z.number().min(0).max(1);

/** The host, described so that nobody's machine is named. */
export const BenchHost = z.strictObject({
  model: z.string(),
  cores: z.number().int().positive(),
  kernel: z.string(),
});
export type BenchHost = z.infer<typeof BenchHost>;

/** One load of one generator, requests, requests a second and seconds. */
const Side = z.strictObject({
  requests: z.number(),
  errors: z.number(),
  rate: z.number(),
  cpuSeconds: z.number(),
});
export type Side = z.infer<typeof Side>;

/** Both generators, one after the other. */
const Pair = z.strictObject({ first: z.enum(['own', 'peer']), own: Side, peer: Side });
export type Pair = z.infer<typeof Pair>;

const time = z.number().nonnegative().nullable();

/** One load against the stall server; times in seconds. */
const Repetition = z.strictObject({
  requests: z.number(),
  errors: z.number(),
  rate: z.number(),
  times: z.strictObject({ mean: time, p50: time, p95: time, p99: time }),
  slowShare: share.nullable(),
  /** The largest delay of the server itself in answering what it had held, by its own account, seconds. */
  serverLate: z.number().nonnegative(),
  /** How long its threads were ready and had no core in all, seconds; null where the kernel does not tell. */
  serverWaited: z.number().nonnegative().nullable(),
  /** TCP segments that were sent again on this host meanwhile; null where the kernel does not tell. */
  sentAgain: z.number().int().nonnegative().nullable(),
  /** Gates of the generator's own that failed. */
  failedGates: z.array(z.string()),
});
export type Repetition = z.infer<typeof Repetition>;

const head = {
  schemaVersion: z.literal(1),
  /** The way of using a generator: `oha`, `oha-uncorrected`, `photofinish`. */
  way: z.string(),
  /** The options of that way. */
  words: z.string(),
  /** The version of that generator. */
  version: z.string(),
  instrument: z.string(),
  takenAt: z.iso.datetime(),
  host: BenchHost,
  connections: z.number().int().positive(),
  rate: z.number().positive().nullable(),
  /** Requests that ours sent at the same instant. */
  burst: z.number().int().positive().default(1),
  seconds: z.number().positive(),
  /** Share of the time of all cores that was used meanwhile, by whomever. */
  busyShare: share,
};

/** The figures of one part with one peer, as they are kept. */
export const BenchRecord = z.discriminatedUnion('part', [
  z.strictObject({ part: z.enum(['null-closed', 'null-open']), ...head, pairs: z.array(Pair).min(2) }),
  z.strictObject({ part: z.enum(['stall-open', 'stall-closed']), ...head, repetitions: z.array(Repetition).min(1) }),
]);
export type BenchRecord = z.infer<typeof BenchRecord>;
export type NullRecord = Extract<BenchRecord, { pairs: unknown }>;
export type StallRecord = Extract<BenchRecord, { repetitions: unknown }>;
