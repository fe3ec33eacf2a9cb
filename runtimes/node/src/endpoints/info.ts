import { availableParallelism } from 'node:os';
import { versions } from 'node:process';
import { json } from '../contract/answer.ts';
import { awaited, type Endpoint, endpoint } from '../contract/endpoint.ts';
import { backlog, connectionOptions } from '../program/listener.ts';
import type { Settings } from '../program/settings.ts';

/** What a model says of itself; the rest of `/info` is read off the runtime. Totals over all processes. */
export interface ModelFacts {
  /** Processes that serve requests at this moment. */
  readonly processes: number;
  /** Workers for off-loaded CPU work; null where there is no such pool. */
  readonly cpuPool: number | null;
  /** Where `/cpu/*` is computed. */
  readonly cpuWork: 'event-loop' | 'thread-pool' | 'process-pool';
}

/** `GET /info`: what the target really runs with, as `packages/schema` describes it. */
export const info = (settings: Settings, facts: () => ModelFacts | Promise<ModelFacts>): Endpoint =>
  endpoint(
    '/info',
    {},
    awaited(async () => {
      const { processes, cpuPool, cpuWork } = await facts();
      return json({
        runtime: 'node',
        version: versions.node,
        model: settings.model,
        nonce: settings.nonce,
        cores: settings.cores,
        coresSeen: availableParallelism(),
        processes,
        threads: null,
        cpuPool,
        upstreamPool: null,
        databasePool: null,
        cpuWork,
        server: `node:http ${versions.node}`,
        eventLoop: `libuv ${versions.uv}`,
        gil: null,
        gc: 'V8 scavenger and mark-compact',
        noDelay: connectionOptions.noDelay,
        keepAliveSeconds: connectionOptions.keepAliveTimeout / 1000,
        backlog,
        libraries: { json: `V8 ${versions.v8} JSON.parse`, 'http-parser': `llhttp ${versions.llhttp}` },
      });
    }),
  );
