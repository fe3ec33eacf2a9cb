import { z } from 'zod';
import { Bytes, Count } from './units.ts';

/** What a server may use beside its cores; the same for every target of a plan. */
export const Limits = z.strictObject({
  /** Memory, with swap off. */
  memoryBytes: Bytes,
  /** Processes and threads together. */
  pids: Count.min(1),
  openFiles: Count.min(1),
});
export type Limits = z.infer<typeof Limits>;

/** How requests reach a server. `loopback`: a process of this host. `bridge`: the container's own address on a network of its own. */
export const NetworkPath = z.enum(['loopback', 'bridge', 'host', 'published']);
export type NetworkPath = z.infer<typeof NetworkPath>;

/** Where servers live in a plan and how they are reached. Part of what makes cells comparable. */
export const Placement = z.strictObject({
  network: NetworkPath,
  /** Whether generator and targets share a machine. */
  topology: z.enum(['same-host', 'two-host']),
  /** Null where the engine cannot limit (local processes). */
  limits: Limits.nullable(),
});
export type Placement = z.infer<typeof Placement>;

/** What the engine itself is, from an allow-list of fields. */
export const EngineAccount = z.strictObject({
  id: z.enum(['local', 'docker', 'mock']),
  /** `Docker 20.10.24`, `Podman 5.2.1`; null for local processes. */
  version: z.string().nullable(),
  rootless: z.boolean().nullable(),
  cgroupDriver: z.string().nullable(),
  securityOptions: z.array(z.string()),
  /** Round trip of an empty TCP exchange between generator and engine host, seconds: median of several; null on one host. */
  roundTripSeconds: z.number().nonnegative().nullable(),
});
export type EngineAccount = z.infer<typeof EngineAccount>;

/** The account of local processes, of which there is nothing to tell. */
export const localAccount: EngineAccount = {
  id: 'local',
  version: null,
  rootless: null,
  cgroupDriver: null,
  securityOptions: [],
  roundTripSeconds: null,
};
