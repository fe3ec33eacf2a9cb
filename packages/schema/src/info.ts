import { z } from 'zod';
import { ModelId, RuntimeId } from './ids.ts';
import { Count } from './units.ts';

/** What a target really runs with, as it answers at `GET /info`. Numbers are totals over all its processes; `null` means the model has no such thing. */
export const Info = z
  .strictObject({
    runtime: RuntimeId,
    /** Version of the language runtime, e.g. `26.10.0`. */
    version: z.string().min(1).max(100),
    model: ModelId,
    /** `TRIAL_NONCE` as given: proves that this very process was started for this very trial. */
    nonce: z.string().max(200),
    /** `CORES` as given and applied. */
    cores: Count.min(1),
    /** Cores the runtime itself sees (affinity or its own count). */
    coresSeen: Count.min(1),
    /** Processes that serve requests. */
    processes: Count.min(1),
    /** Request threads, virtual ones apart; null where requests run on an event loop, goroutines or unbounded virtual threads. */
    threads: Count.min(1).nullable(),
    /** Workers for off-loaded CPU work; null where there is no such pool. */
    cpuPool: Count.min(1).nullable(),
    /** Keep-alive pool to the upstream stub; null where `/upstream` is not served. */
    upstreamPool: Count.min(1).nullable(),
    /** Database connections; null without a database. */
    databasePool: Count.min(1).nullable(),
    /** Where `/cpu/*` runs. */
    cpuWork: z.enum([
      'event-loop',
      'request-thread',
      'goroutine',
      'virtual-thread',
      'task',
      'thread-pool',
      'process-pool',
      'interpreter-pool',
    ]),
    /** HTTP server library and version. */
    server: z.string().min(1).max(200),
    /** Event-loop library; null where there is none. */
    eventLoop: z.string().max(100).nullable(),
    /** State of the global interpreter lock as seen inside the server; null where the runtime has none. */
    gil: z.enum(['on', 'off']).nullable(),
    /** Garbage collector as reported by the runtime; null where there is none. */
    gc: z.string().max(100).nullable(),
    /** TCP_NODELAY is set on accepted connections. */
    noDelay: z.boolean(),
    /** Seconds an idle connection is kept. */
    keepAliveSeconds: z.number().positive(),
    /** Listen backlog asked for. */
    backlog: Count.min(1),
    /** Libraries that matter to a comparison, by role: `json`, `http-parser`, ... with versions. */
    libraries: z.record(z.string().max(60), z.string().max(200)),
  })
  .meta({ id: 'info', title: 'Answer of GET /info' });
export type Info = z.infer<typeof Info>;
