import { z } from 'zod';
import { Count, PerSecond, Seconds } from './units.ts';

/** How requests of one class arrive. */
export const Arrivals = z.discriminatedUnion('loop', [
  z.strictObject({
    /** N users, each waits for its answer. */
    loop: z.literal('closed'),
    connections: Count.min(1).max(50_000),
    /**
     * Longest time over which the connections enter. One enters alone; the others follow at even gaps of that first service time (or of
     * `rampSeconds / connections` where that is shorter), so that the answers do not come in waves.
     */
    rampSeconds: Seconds,
  }),
  z.strictObject({
    /** Arrivals follow the clock. */
    loop: z.literal('open'),
    /** Evenly spaced, or exponential gaps. The schedule is made up front from the seed. */
    process: z.enum(['constant', 'poisson']),
    rate: PerSecond.refine((rate) => rate > 0, 'a rate is above zero'),
    /** Size of the connection pool. */
    connections: Count.min(1).max(50_000),
  }),
]);
export type Arrivals = z.infer<typeof Arrivals>;

/** Arrivals as the load core takes them: with think times, bursts and given schedules, which no plan asks for. */
export const JobArrivals = z.discriminatedUnion('loop', [
  Arrivals.options[0].extend({
    /**
     * Time between an answer and the user's next request, from which that one's intended start counts; absent: none. Drawn from the seed;
     * after an error at least the wait of a user without think time.
     */
    think: z.strictObject({ law: z.enum(['constant', 'exponential']), meanSeconds: Seconds }).optional(),
  }),
  Arrivals.options[1].extend({
    /** Requests due at the same instant; the rate stays, the gaps are those between such instants. Absent: 1. */
    burst: Count.min(1).max(50_000).optional(),
  }),
  z.strictObject({
    /** A given schedule that does not wait, over and over. */
    loop: z.literal('replay'),
    /** Intended starts after the beginning of warm-up, and again of the window; ascending, below `repeatSeconds`. */
    startsSeconds: z.array(Seconds).min(1),
    /** The schedule begins again after this long. */
    repeatSeconds: Seconds,
    /** Size of the connection pool. */
    connections: Count.min(1).max(50_000),
  }),
]);
export type JobArrivals = z.infer<typeof JobArrivals>;

/** The load on one cell. Hashed into the cell id: cells under different load are never compared. */
export const LoadSpecification = z.strictObject({
  arrivals: Arrivals,
  keepAlive: z.literal(true),
  /**
   * Load before measuring. Ends when the shortest time is over and, since every connection of a closed loop has entered, `minimumResponses`
   * have come; or at the maximum.
   */
  warmup: z.strictObject({ minimumSeconds: Seconds, minimumResponses: Count, maximumSeconds: Seconds }),
  /** The window is `seconds` long and is extended by whole further `seconds` until it holds `minimumResponses`, at most to `maximumSeconds`. */
  window: z.strictObject({ seconds: Seconds, minimumResponses: Count, maximumSeconds: Seconds }),
  drain: z.strictObject({ maximumSeconds: Seconds }),
  /** A request unanswered for this long is an error of kind `timeout`. */
  timeoutSeconds: Seconds,
});
export type LoadSpecification = z.infer<typeof LoadSpecification>;

/** The answer every request must get. */
export const ExpectedAnswer = z.strictObject({
  status: z.number().int().min(100).max(599),
  contentType: z.string(),
  /** Exact body, UTF-8. Length is compared on every response, bytes on a seeded sample. */
  body: z.string(),
});
export type ExpectedAnswer = z.infer<typeof ExpectedAnswer>;

/** A header of a request: a token (RFC 9110, section 5.6.2) and printable ASCII. */
export const RequestHeader = z.strictObject({
  name: z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/),
  value: z.string().regex(/^[ -~]*$/),
});
export type RequestHeader = z.infer<typeof RequestHeader>;

/** An address of IPv4 or IPv6, as in `127.0.0.1` or `::1`. */
const IpLiteral = z.union([z.ipv4(), z.ipv6()]);

/** What the load core is asked to do: JSON on its standard input, one line. */
export const LoadJob = z
  .strictObject({
    schemaVersion: z.literal(1),
    /** Seed of the schedules and of the body sample. */
    seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
    address: z.strictObject({ host: IpLiteral, port: z.number().int().min(1).max(65_535) }),
    /**
     * Addresses of this host that connections come from, in turn. Absent: what the kernel picks; towards this host itself as many of
     * 127.0.0.0/8 as the connections need, since one address has about 28,000 ports towards one listening port (IPv6 has ::1 alone).
     */
    sources: z.array(IpLiteral).min(1).optional(),
    /** Cores to pin the generator's threads to, one thread a core (more where its descriptors need it); empty: one unpinned thread. */
    cores: z.array(Count).max(1024),
    /** Wait by sleeping in the kernel (cores are shared), the same by `epoll_pwait2` where it is granted, or by spinning (a core is reserved). */
    pacing: z.enum(['sleep', 'epoll-pwait2', 'spin']),
    /** Whether these cores hold the server too: lateness is then judged by wider limits, and how busy a loop was by its processor time. */
    sharedCores: z.boolean().optional(),
    classes: z
      .array(
        z.strictObject({
          id: z.string().regex(/^[a-z][a-z0-9-]*$/),
          /** Path and query of a GET request. */
          path: z.string().startsWith('/'),
          /** Besides `Host`, `User-Agent` and `Accept`, or in their stead. */
          headers: z.array(RequestHeader).optional(),
          expected: ExpectedAnswer,
          /** `status`: nothing else of an answer is compared, because the server's answers differ by nature. Absent: `answer`. */
          comparison: z.enum(['answer', 'status']).optional(),
          arrivals: JobArrivals,
          /**
           * A slow reader (Linux): `SO_RCVBUF` set before connecting, and no more bytes read by each connection, head and framing included, than a
           * token bucket of this rate grants. Absent: as fast as it can.
           */
          reader: z
            .strictObject({
              receiveBufferBytes: Count.min(1024).max(2 ** 30),
              bytesPerSecond: Count.min(1).max(2 ** 40),
            })
            .optional(),
          /** Share of responses whose bytes are compared. */
          bodySample: z.number().min(0).max(1),
        }),
      )
      .min(1),
    warmup: LoadSpecification.shape.warmup,
    window: LoadSpecification.shape.window.extend({
      /** Length and step are rounded up to whole multiples of this: a known period of the server, such as a regular pause. */
      periodSeconds: Seconds.optional(),
    }),
    drain: LoadSpecification.shape.drain,
    timeoutSeconds: Seconds,
    /** Stop after warm-up and wait for `measure` on standard input, so that counters are read at the window's edge. */
    handshake: z.boolean(),
  })
  .meta({ id: 'load-job', title: 'Job of the load core' });
export type LoadJob = z.infer<typeof LoadJob>;
