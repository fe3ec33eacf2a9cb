import { z } from 'zod';
import { Count } from './units.ts';

/** A distribution of times: HdrHistogram V2, deflated, base64, values in microseconds; mean, minimum and maximum exact, in seconds. */
export const TimeDistribution = z.strictObject({
  count: Count,
  meanSeconds: z.number().nonnegative(),
  minimumSeconds: z.number().nonnegative(),
  maximumSeconds: z.number().nonnegative(),
  histogram: z.string(),
});
export type TimeDistribution = z.infer<typeof TimeDistribution>;

/** Errors by kind, in requests. An errored request is never in the time distributions of answered ones. */
export const LoadErrors = z.strictObject({
  connect: Count,
  reset: Count,
  closed: Count,
  timeout: Count,
  malformed: Count,
  status: Count,
  contentType: Count,
  length: Count,
  body: Count,
});
export type LoadErrors = z.infer<typeof LoadErrors>;

/**
 * Errors more closely: parts of the counts of `LoadErrors`, in requests. Absent in results of older cores.
 *
 * `headTooLong` (a head of more than 16 KiB or 64 headers, or more than 16 interim responses), `head` (not HTTP/1.x), `framing` (the end of the
 * body is not told, or told in two ways; a body that ends with its connection, as in HTTP/1.0), `chunk` (a chunked body against its own rules)
 * and `trailing` (bytes behind the end of the body) add up to `malformed`. The three `...Midway` are those of `closed`, `reset` and `timeout`
 * that came after a part of the response.
 */
export const LoadErrorDetails = z.strictObject({
  headTooLong: Count,
  head: Count,
  framing: Count,
  chunk: Count,
  trailing: Count,
  closedMidway: Count,
  resetMidway: Count,
  timeoutMidway: Count,
  /** Not requests but connections, over all phases: closed because bytes came that no request had asked for. */
  unasked: Count,
});
export type LoadErrorDetails = z.infer<typeof LoadErrorDetails>;

/** One second of the window. */
export const LoadSecond = z.strictObject({
  second: Count,
  /** Requests whose intended start falls into this second. */
  intended: Count,
  /** Correct responses completed in this second. */
  completed: Count,
  errors: Count,
  /** Largest number of requests in flight. */
  inFlight: Count,
  /** Requests due but not sent, open loop, at the end of the second. */
  backlog: Count,
  responseTimeP50Seconds: z.number().nonnegative().nullable(),
  responseTimeP99Seconds: z.number().nonnegative().nullable(),
  /** Latest wake-up of the generator's loop after the instant it asked for. */
  schedulerLagMaximumSeconds: z.number().nonnegative(),
});
export type LoadSecond = z.infer<typeof LoadSecond>;

/** What one request class did. Counts are over the requests whose *intended* start falls in the window, unless the field says otherwise. */
export const LoadClassResult = z.strictObject({
  id: z.string(),
  intended: Count,
  sent: Count,
  /** Correct responses. */
  answered: Count,
  /**
   * Of the answered, those whose completion is the kernel's own time of arrival of the last bytes; of the others it is the end of the read
   * that brought them, as in a closed loop always. Absent in results of older cores.
   */
  stamped: Count.optional(),
  errors: LoadErrors,
  errorDetails: LoadErrorDetails.optional(),
  /** Never answered within the drain; in the top of the distribution as "at least". */
  censored: Count,
  /** Correct responses completed inside the window, whenever they were intended: the numerator of throughput. */
  completedInWindow: Count,
  /** Time integral of requests in flight over the window, divided by its length. */
  meanInFlight: z.number().nonnegative(),
  /** Bodies compared byte by byte over all phases. */
  bodiesCompared: Count,
  /** Bytes of the bodies of the answered, without chunk framing. Absent in results of older cores. */
  bodyBytes: Count.optional(),
  /** Of a slow reader: what each connection has read, head and framing included. What the server has produced beyond `bytes` lies in buffers. */
  reader: z
    .strictObject({
      windowBytes: z.array(Count),
      /** In all phases. */
      bytes: z.array(Count),
    })
    .optional(),
  /** Done minus intended start. */
  responseTime: TimeDistribution,
  /** Done minus sent. */
  serviceTime: TimeDistribution,
  /** Sent minus intended start. */
  sendDelay: TimeDistribution,
  /**
   * Of the answered requests of an open loop for which no connection was free when they were due: the wait for one. The rest of the send
   * delay is the generator's. Absent in results of older cores.
   */
  connectionWait: TimeDistribution.optional(),
  /**
   * Service time minus the time for which a fixture says it held the request, of the answered in which it does: what way and generator add,
   * request by request (reference: method 19, known distribution). Absent with other servers.
   */
  beyondHeld: TimeDistribution.optional(),
  /** Time until the error, of errored requests. */
  errorTime: TimeDistribution,
  /** Largest number of connections open at once. */
  connectionsHighWater: Count,
  connectionsOpened: Count,
  /** Largest number of connections with a request at once in the window; over several threads the sum of theirs. Absent in results of older cores. */
  poolHighWater: Count.optional(),
  series: z.array(LoadSecond),
});
export type LoadClassResult = z.infer<typeof LoadClassResult>;

/** Names of the gates, by what they ask. Which of them a result holds depends on its loop and on its host. */
export const LoadGateName = z.enum([
  /** How late the loop woke for its instants, seconds: percentiles in an open loop, the mean in a closed one, the longest in both. */
  'scheduler-lag-p99',
  'scheduler-lag-p999',
  'scheduler-lag-mean',
  'scheduler-lag-longest',
  /** Share of the requests due that were sent. */
  'achieved-sends',
  /** Share of requests unanswered at the end of the drain. */
  'censored',
  /** Share of seconds in which a loop was busy above 70 %; on shared cores the share of the window for which it used its processor. */
  'occupancy',
  /** Share of the file descriptors, and of the ports towards the server, that the load takes. */
  'descriptors',
  'ports',
  /** Sum of the `KernelCounts` of the window, retransmissions less duplicates; 0 where the server's own sockets lost nothing and none was closed. */
  'kernel',
]);
export type LoadGateName = z.infer<typeof LoadGateName>;

/** One check of whether the generator, or the host around it, and not the server decided a result (reference: method 19, saturation gates). */
export const LoadGate = z.strictObject({
  gate: LoadGateName,
  passed: z.boolean(),
  /** Seconds, a share or a count, as the limit. */
  reading: z.number().nonnegative(),
  limit: z.number().nonnegative(),
  /** Both in words. */
  reason: z.string(),
});
export type LoadGate = z.infer<typeof LoadGate>;

/**
 * What the kernel lost of TCP's traffic in one network namespace, of everybody in it: `ListenOverflows`, `ListenDrops` and `TCPTimeouts` of
 * `TcpExt`, `RetransSegs` of `Tcp` (kernel: networking/snmp_counter.rst).
 */
export const KernelCounts = z.strictObject({
  listenOverflows: Count,
  listenDrops: Count,
  timeouts: Count,
  retransmissions: Count,
  /**
   * Word that a segment sent again had come before (`TCPDSACKRecv`, RFC 2883): nothing was lost, but its acknowledgement was late, as that of a
   * request is whose answer takes 200 ms.
   */
  duplicates: Count,
});
export type KernelCounts = z.infer<typeof KernelCounts>;

/** What the kernel lost during a window where the generator is, and which part the server's own traffic had in it. */
export const KernelLosses = KernelCounts.extend({
  /**
   * What the sockets at the server's port lost since each was made, duplicates left out, of both ends where both are in the generator's network namespace
   * (sock_diag(7)). Null where nobody lost anything, and where the kernel does not tell.
   */
  server: z.strictObject({ retransmissions: Count, listenDrops: Count }).nullable(),
});
export type KernelLosses = z.infer<typeof KernelLosses>;

/** What the load core answers: the last JSON line on its standard output. */
export const LoadResult = z
  .strictObject({
    schemaVersion: z.literal(1),
    generator: z.strictObject({
      version: z.string(),
      threads: Count.min(1),
      /**
       * Descriptor tables they used. Above 1 the limit of descriptors could not be raised far enough: each thread had a table of its own, and
       * several may have shared a core, sleeping whatever pacing was asked for. Absent in results of older cores.
       */
      descriptorTables: Count.min(1).optional(),
      /**
       * How the loops waited for an instant: not at all, by timerfds, by `epoll_pwait2` where it was asked for and granted (Linux from 5.11, no
       * filter), or by the poll's own timeout (kqueue). Absent in results of older cores.
       */
      waiting: z.enum(['spin', 'epoll-pwait2', 'timerfd', 'timeout']).optional(),
      /** Addresses that connections came from. Absent in results of older cores. */
      sourceAddresses: Count.min(1).optional(),
      /** CPU seconds of the generator over the window. */
      cpuUserSeconds: z.number().nonnegative(),
      cpuSystemSeconds: z.number().nonnegative(),
      /** Share of loop iterations' time that did work, 0 to 1, mean and largest second. */
      occupancyMean: z.number().min(0),
      occupancyMaximum: z.number().min(0),
      /** Woken minus asked, of every timed wait in the window. */
      schedulerLag: TimeDistribution,
      maximumRssBytes: z.number().nonnegative(),
    }),
    warmup: z.strictObject({ seconds: z.number().nonnegative(), responses: Count, errors: Count }),
    window: z.strictObject({ seconds: z.number().positive() }),
    drain: z.strictObject({ seconds: z.number().nonnegative() }),
    gates: z.array(LoadGate),
    /** What the kernel lost in the network namespace of the generator during the window; null where it does not tell. */
    kernel: KernelLosses.nullable(),
    classes: z.array(LoadClassResult).min(1),
  })
  .meta({ id: 'load-result', title: 'Result of the load core' });
export type LoadResult = z.infer<typeof LoadResult>;
